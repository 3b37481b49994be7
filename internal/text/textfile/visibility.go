package textfile

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"docsquare/ent/document"
	"docsquare/internal/text/frontmatter"
	"docsquare/internal/text/plaintext"
)

// locks are the keys of documents that only readers with a password see, as plugins of Hexo, VuePress, Hugo and MkDocs name them.
var locks = []string{"password", "passwords", "passwd", "pwd", "passphrase", "enc_pwd", "post_password", "encrypt", "encrypted", "protected", "secret", "密码", "加密"}

// encrypted matches the start of a part of a text that Hugo or vuepress-theme-plume shows only to readers with a password.
var encrypted = regexp.MustCompile(`(?m)\{\{[<%]\s*hugo-encrypt(or)?\b|^[ \t]*:{3,}[ \t]*encrypt\b`)

// states are the keys of the state of a document.
var states = []string{"status", "state", "stage", "post_status", "poststatus", "publish_status", "publishstatus", "状态", "狀態", "ステータス"}

// unpublished are the states of documents that are not public, as WordPress, Notion and people name them.
var unpublished = strings.Split("draft,drafts,drafting,wip,work in progress,in progress,idea,ideas,todo,to do,backlog,planned,not started,not ready,not published,unpublished,unfinished,incomplete,writing,"+
	"editing,review,reviewing,pending,future,scheduled,embargoed,private,internal,confidential,secret,hidden,trash,trashed,deleted,"+
	"草稿,草案,初稿,想法,点子,點子,灵感,靈感,构思,構思,计划中,計劃中,未开始,未開始,未完成,未发布,未發布,未發佈,进行中,進行中,写作中,寫作中,撰写中,撰寫中,编写中,編寫中,编辑中,編輯中,待办,待辦,待写,待寫,待完善,待完成,"+
	"待发布,待發布,待發佈,待定,待审,待審,审核中,審核中,定时,定時,私密,私有,私人,隐藏,隱藏,保密,回收站,已删除,已刪除,下書き,アイデア,未着手,執筆中,レビュー中,非公開", ",")

// shownAs are the visibilities of documents that others see, as this site and Ghost name them.
var shownAs = []string{"public", "unlisted"}

// Hide makes the document private, for a reason.
func (d *Document) Hide(reason string) {
	d.Visibility, d.Reason = document.VisibilityPrivate, reason
}

// The keys of the dates between which a document is public. Those of publication include keys that may be truth values, or only say when a document was published.
var (
	starts      = []string{"publishdate", "publish_date", "pubdate", "pub_date", "embargo"}
	ends        = []string{"expirydate", "expiry_date", "unpublishdate", "unpublish_date"}
	publication = append([]string{"published", "published_at", "publishedat"}, starts...)
)

// anyDate reports whether one of the keys has a date that is as wanted.
func anyDate(values frontmatter.Value, keys []string, wanted func(time.Time) bool) bool {
	return slices.ContainsFunc(keys, func(key string) bool {
		at, err := frontmatter.Time(values.Get(key).Text)
		return err == nil && wanted(at)
	})
}

// hide sets the visibility of what is not meant to be public. What is not understood is hidden.
func (d *Document) hide(values frontmatter.Value, name string, now time.Time) {
	state, unread := stateOf(values), unreadable(values)
	switch {
	case isLocked(values) || encrypted.MatchString(d.Body):
		d.Hide("it is protected by a password")
	case isTruth(values, "draft", true), isTruth(values, "isdraft", true), isTruth(values, "is_draft", true), isTruth(values, "草稿", true), isTruth(values, "private", true),
		isTruth(values, "publish", false), isTruth(values, "dg-publish", false), isTruth(values, "public", false), isTruth(values, "published", false) && !isDate(values.Get("published").Text):
		d.Hide("its front matter keeps it back")
	case state != "":
		d.Hide("its status is " + state)
	case values.Get("visibility").Text != "" && !slices.Contains(shownAs, strings.ToLower(values.Get("visibility").Text)):
		d.Hide("its visibility is " + strings.ToLower(values.Get("visibility").Text))
	case slices.Contains(folders(name), "_drafts"):
		d.Hide("it is in the folder _drafts")
	case d.At.After(now), anyDate(values, publication, now.Before):
		d.Hide("its date is in the future")
	case anyDate(values, ends, now.After):
		d.Hide("its date of expiry is over")
	case unread != "":
		d.Hide("its " + unread + " is no date")
	case isTruth(values, "unlisted", true), isTruth(values, "hidden", true), isYes(values.Get("hide")), strings.EqualFold(values.Get("visibility").Text, "unlisted"):
		d.Visibility, d.Reason = document.VisibilityUnlisted, "its front matter does not list it"
	}
}

// isLocked reports whether a document has a password, or is encrypted. Only an empty value and false mean that it is not.
func isLocked(values frontmatter.Value) bool {
	for _, at := range []frontmatter.Value{values, values.Get("params"), values.Get("extra")} {
		for _, key := range locks {
			if v := at.Get(key); v.List != nil || v.Map != nil || v.Text != "" && !strings.EqualFold(v.Text, "false") {
				return true
			}
		}
	}
	return false
}

// stateOf returns the state that a document is not public in, in lower case; empty if it is none. A state may have more words, as in "WIP (50 %)".
func stateOf(values frontmatter.Value) string {
	for _, key := range states {
		v := values.Get(key)
		if is, ok := v.Bool(); ok && !is {
			return v.Text
		}
		for _, text := range v.Texts("name", "label", "value") {
			words := " " + strings.Join(strings.FieldsFunc(strings.ToLower(norm.NFKC.String(text)), isNoWord), " ") + " "
			if slices.ContainsFunc(unpublished, func(state string) bool {
				return strings.Contains(words, " "+state+" ") || state[0] >= utf8.RuneSelf && strings.Contains(words, state)
			}) {
				return plaintext.Line(strings.ToLower(text), plaintext.MaxTag)
			}
		}
	}
	return ""
}

func isNoWord(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) }

// unreadable returns the key of a date that bounds the time in which a document is public, if that is no date.
func unreadable(values frontmatter.Value) string {
	for _, key := range slices.Concat(starts, ends) {
		if text := values.Get(key).Text; text != "" && !isDate(text) {
			return key
		}
	}
	return ""
}

// isYes reports whether a value is true.
func isYes(v frontmatter.Value) bool {
	is, ok := v.Bool()
	return is && ok
}

// isTruth reports whether a key has a truth value, or something else than a truth value.
func isTruth(values frontmatter.Value, key string, want bool) bool {
	v := values.Get(key)
	is, ok := v.Bool()
	return v.Text != "" && (is == want || !ok)
}

func isDate(text string) bool {
	_, err := frontmatter.Time(text)
	return err == nil
}
