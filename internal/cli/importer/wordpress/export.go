package wordpress

import (
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html/charset"
)

// export is what an export has of a site.
type export struct {
	Title, Link, SiteURL, BlogURL string
	Authors                       []person
	Items                         []item
}

// person is an account of the site.
type person struct {
	Login string `xml:"author_login"`
	Name  string `xml:"author_display_name"`
}

// item is a post, a page, an attachment, or anything else that WordPress keeps as a post.
type item struct {
	Title    string     `xml:"title"`
	Link     string     `xml:"link"`
	Creator  string     `xml:"creator"`
	Encoded  []encoded  `xml:"encoded"`
	ID       string     `xml:"post_id"`
	Date     string     `xml:"post_date"`
	DateUTC  string     `xml:"post_date_gmt"`
	Status   string     `xml:"status"`
	Type     string     `xml:"post_type"`
	Password string     `xml:"post_password"`
	File     string     `xml:"attachment_url"`
	Terms    []term     `xml:"category"`
	Comments []struct{} `xml:"comment"`
}

// encoded is the text of an item, or its excerpt, depending on the namespace.
type encoded struct {
	XMLName xml.Name
	Text    string `xml:",chardata"`
}

// term is a category or tag of an item.
type term struct {
	Domain string `xml:"domain,attr"`
	Name   string `xml:",chardata"`
}

// decode reads an export.
func decode(in io.Reader) (x export, err error) {
	d := xml.NewDecoder(printable{in})
	d.Strict, d.Entity, d.CharsetReader = false, xml.HTMLEntity, charset.NewReaderLabel
	depth := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			if x.Items == nil && x.Title == "" {
				return x, errors.New("the export has no posts: export it from WordPress by Tools, Export")
			}
			return x, nil
		}
		if err != nil {
			line, _ := d.InputPos()
			return x, fmt.Errorf("line %d: the export cannot be read: %w", line, err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if depth++; depth != 3 { // rss, channel, and what is in it
				continue
			}
			if err := x.element(d, t); err != nil {
				line, _ := d.InputPos()
				return x, fmt.Errorf("line %d: the export cannot be read: %w", line, err)
			}
			depth--
		case xml.EndElement:
			depth--
		}
	}
}

// element reads an element of the channel to its end.
func (x *export) element(d *xml.Decoder, start xml.StartElement) error {
	text := map[string]*string{"title": &x.Title, "link": &x.Link, "base_site_url": &x.SiteURL, "base_blog_url": &x.BlogURL}[start.Name.Local]
	switch {
	case start.Name.Local == "item":
		var it item
		err := d.DecodeElement(&it, &start)
		it.trim()
		x.Items = append(x.Items, it)
		return err
	case start.Name.Local == "author":
		var p person
		err := d.DecodeElement(&p, &start)
		x.Authors = append(x.Authors, p)
		return err
	case text != nil && *text == "":
		err := d.DecodeElement(text, &start)
		*text = strings.TrimSpace(*text)
		return err
	}
	return d.Skip()
}

func (it *item) trim() {
	for _, s := range []*string{&it.Title, &it.Link, &it.ID, &it.Status, &it.Type, &it.File} {
		*s = strings.TrimSpace(*s)
	}
	it.Title = html.UnescapeString(it.Title)
}

// name returns the path of the file that an item becomes. It stays the same when the item is renamed.
func (it *item) name() string { return it.Type + "s/" + strings.ReplaceAll(it.ID, "/", "-") + ".md" }

// date returns when an item was published; zero if that is not known.
func (it *item) date() time.Time {
	for _, text := range []string{it.DateUTC, it.Date} {
		if at, err := time.Parse(time.DateTime, strings.TrimSpace(text)); err == nil && at.Year() > 1 {
			return at
		}
	}
	return time.Time{}
}

// text returns the HTML of an item.
func (it *item) text() string {
	for _, e := range it.Encoded {
		if !strings.Contains(e.XMLName.Space, "excerpt") {
			return e.Text
		}
	}
	return ""
}

func (it *item) excerpt() string {
	for _, e := range it.Encoded {
		if strings.Contains(e.XMLName.Space, "excerpt") {
			return strings.TrimSpace(stripTags(e.Text))
		}
	}
	return ""
}

// terms returns the names of a kind of terms.
func (it *item) terms(domain string) (names []string) {
	for _, t := range it.Terms {
		if name := strings.TrimSpace(html.UnescapeString(t.Name)); t.Domain == domain && name != "" && name != "Uncategorized" && name != "未分类" {
			names = append(names, name)
		}
	}
	return names
}

// author returns the name of an account by its login.
func (x *export) author(login string) string {
	for _, p := range x.Authors {
		if p.Login == login && strings.TrimSpace(p.Name) != "" {
			return strings.TrimSpace(p.Name)
		}
	}
	return strings.TrimSpace(login)
}

func (x *export) comments() (n int) {
	for i := range x.Items {
		n += len(x.Items[i].Comments)
	}
	return n
}

func sorted(counts map[string]int) []string { return slices.Sorted(maps.Keys(counts)) }

// printable reads text without control characters, which WordPress writes although XML forbids them.
type printable struct{ io.Reader }

func (p printable) Read(into []byte) (int, error) {
	n, err := p.Reader.Read(into)
	for i, c := range into[:n] {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' {
			into[i] = ' '
		}
	}
	return n, err
}
