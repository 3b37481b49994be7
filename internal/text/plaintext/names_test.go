package plaintext_test

import (
	"strings"
	"testing"

	"docsquare/internal/text/plaintext"
)

func TestNames(t *testing.T) {
	for name, tc := range map[string]struct {
		is    func(string) bool
		valid []string
		not   []string
	}{
		"username": {plaintext.IsUsername, []string{"ann", "a-1", "0__", strings.Repeat("a", 32)}, []string{"", "an", "Ann", "_ann", "ann@example.org", "ann ", strings.Repeat("a", 33)}},
		"category": {plaintext.IsCategory, []string{"a", "缓存", "two words", strings.Repeat("😀", 64)}, []string{"", " a", "a\n", "a\x00", "\xff", "a  b", "e\u0301", strings.Repeat("a", 65), strings.Repeat("a", 1<<20)}},
		"key":      {plaintext.IsTagKey, []string{"", "go", "缓存", "c#", strings.Repeat("缓", 32)}, []string{plaintext.NoTag, "Go", "ＡＩ", "e\u0301", strings.Repeat("a", 1<<20)}},
	} {
		for _, text := range tc.valid {
			if !tc.is(text) {
				t.Errorf("%q is no %s", text, name)
			}
		}
		for _, text := range tc.not {
			if tc.is(text) {
				t.Errorf("%.40q is a %s", text, name)
			}
		}
	}
}

// TestName lists names as people write them, and what hides in names that are meant to deceive.
func TestName(t *testing.T) {
	for text, want := range map[string]string{
		"Ann": "Ann", "  Ann   B\u00a0C ": "Ann B C", "张三": "张三", "Re\u0301sume\u0301": "R\u00e9sum\u00e9", "学习 C#": "学习 C#", "O’Neill — \"x\" (y) 100%": "O’Neill — \"x\" (y) 100%",
		"❤\ufe0f Ann 👩\u200d💻 1\ufe0f\u20e3 👍🏽": "❤\ufe0f Ann 👩\u200d💻 1\ufe0f\u20e3 👍🏽", "カフェー": "カフェー", "한국어": "한국어", "עברית": "עברית", "नमस्ते": "नमस्ते",
		"Ann 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f": "Ann 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", "🏴": "🏴", "⠓⠊\u2800⠁": "⠓⠊ ⠁", "\u2800Ann\u2800\u2800": "Ann",
		"ﾊﾝｶｸ": "ﾊﾝｶｸ", strings.Repeat("长", 40): strings.Repeat("长", 40),
	} {
		if got, err := plaintext.Name(text, 40); err != nil || got != want {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	for text, reason := range map[string]string{
		"": "be seen", " ": "be seen", "\u3000": "be seen", "\u200b": "U+200B", "\u3164": "U+3164", "\u00ad": "U+00AD", "\u0301": "be seen", "\ufe0f": "be seen", "\u200d": "be seen",
		"a\u202eb": "direction of text, U+202E", "\u2066a": "direction", "a\u200fb": "direction", "a\nb": "one line", "a\u2028b": "one line", "a\tb\x00": "control character, U+0000",
		"\u2800": "be seen", " \u2800\u3000\u2800": "be seen", "\ufffc": "U+FFFC", "a\ufffcb": "U+FFFC", "\U0001d159": "U+1D159",
		"🏴\U000e0067\U000e007f": "U+E0067", "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074": "U+E0067", "a\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f": "U+E0067",
		"🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f\U000e0041": "U+E0041",
		"a\u200bb": "U+200B", "a\ufeffb": "U+FEFF", "a\u200db": "joiner", "a\ufe0fb": "no name can have", "a\U000e0041": "U+E0041", "\ue000": "be seen", "\xff": "UTF-8",
		strings.Repeat("长", 41): "up to 40", strings.Repeat("a", 1<<20): "up to 40",
	} {
		if got, err := plaintext.Name(text, 40); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%.40q: %q, %v", text, got, err)
		}
	}
}

// TestTagKey has spellings of one tag, and names that are not the same tag.
func TestTagKey(t *testing.T) {
	for _, same := range [][]string{
		{"Go", "go", "GO", "ｇｏ", "Ｇｏ"},
		{"AI", "ＡＩ", "ai"},
		{"設計", "設\u8a08"},
		{"re\u0301sume\u0301", "R\u00c9SUM\u00c9"},
		{"ガバナンス", "ｶﾞﾊﾞﾅﾝｽ", "カ\u3099ハ\u3099ナンス"},
		{"\u1112\u1161\u11ab\u1100\u1173\u11af", "한글"},
		{"Straße", "STRASSE", "strasse"},
		{"ΣΊΣΥΦΟΣ", "σίσυφος"},
		{"ﬁle", "File"},
		{"C#", "c＃"},
		{"\uf9b4", "\u9818"},
		{"Ⅳ", "iv"},
		{"İ", "i\u0307"},
	} {
		for _, text := range same {
			if got, want := plaintext.TagKey(text), plaintext.TagKey(same[0]); got != want {
				t.Errorf("%q has the key %q, and %q has %q", text, got, same[0], want)
			}
		}
	}
	for _, two := range [][2]string{{"C", "C#"}, {"C#", "C++"}, {"resume", "résumé"}, {"设计", "設計"}, {"か", "が"}, {"node.js", "nodejs"}, {"go", "golang"}, {"土", "士"}} {
		if plaintext.TagKey(two[0]) == plaintext.TagKey(two[1]) {
			t.Errorf("%q and %q are one tag", two[0], two[1])
		}
	}
	longest, err := plaintext.Name(strings.Repeat("\ufdfa", plaintext.MaxTag), plaintext.MaxTag) // becomes 18 characters
	if key := plaintext.TagKey(longest); err != nil || !plaintext.IsTagKey(key) || len(key) < 900 {
		t.Errorf("the longest key has %d bytes, %v", len(key), err)
	}
}

func TestUsername(t *testing.T) {
	for text, want := range map[string]string{" Ann ": "ann", "ＡＮＮ": "ann", "１２３ann": "123ann", "1ａ": "1a", "　ａ－１": "a-1", "ａ＿ｂ": "a_b", "①nn": "①nn", "アnn": "アnn", "ann-1": "ann-1", "ann b": "ann b", "": "", "an\u200bn": "an\u200bn"} {
		if got := plaintext.Username(text); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

func TestPassword(t *testing.T) {
	for text, want := range map[string]string{
		"Pa\u0308sswo\u0308rd": "P\u00e4ssw\u00f6rd", "a\u3000b": "a b", " a b ": " a b ", "ＡＢＣ": "ＡＢＣ", "❤\ufe0f e\u0301": "❤\ufe0f \u00e9", "a\x00e\u0301": "a\x00\u00e9",
	} {
		if got := plaintext.Password(text); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

func FuzzName(f *testing.F) {
	f.Add("Ann\u200d", 5)
	f.Fuzz(func(t *testing.T, text string, n int) {
		limit := 1 + int(uint(n)%64)
		name, err := plaintext.Name(text, limit)
		if err != nil {
			return
		}
		if again, err := plaintext.Name(name, limit); err != nil || again != name {
			t.Errorf("%q becomes %q, and that %q, %v", text, name, again, err)
		}
		if key := plaintext.TagKey(name); key == "" || limit <= plaintext.MaxTag && !plaintext.IsTagKey(key) {
			t.Errorf("%q has the key %q", name, key)
		}
	})
}
