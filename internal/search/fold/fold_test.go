package fold_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"docsquare/internal/search/fold"
)

// TestFolded has pairs of texts that readers take for the same, by the kind of their difference.
func TestFolded(t *testing.T) {
	for kind, pairs := range map[string][][2]string{
		"case":        {{"GraphQL", "graphql"}, {"İstanbul", "istanbul"}, {"ΣΊΣΥΦΟΣ", "σισυφοσ"}, {"STRASSE", "straße"}, {"ПРИВЕТ", "привет"}},
		"width":       {{"ＡＰＩ　ｖ２", "api v2"}, {"ｶﾞﾊﾞﾅﾝｽ", "ガバナンス"}, {"ｻｰﾊﾞｰ", "サーバー"}, {"“１００％”", "“100%”"}, {"Ｃ＃＋＋", "c#++"}},
		"normal form": {{"cafe\u0301", "caf\u00e9"}, {"カ\u3099ハ\u3099ナンス", "ガバナンス"}, {"\u1112\u1161\u11ab\u1100\u1173\u11af", "한글"}, {"ﬁle", "file"}, {"x²", "x2"}, {"㎏", "kg"}, {"㈱会社", "(株)会社"}},
		"accents":     {{"Café Résumé", "cafe resume"}, {"naïve Über", "naive uber"}, {"Łódź Ørsted", "lodz orsted"}, {"Đà Nẵng", "da nang"}, {"Ё-моё", "е-мое"}, {"Ά", "α"}},
		"Chinese":     {{"資料庫後端", "资料库后端"}, {"皇后在以後", "皇后在以后"}, {"乾燥與乾坤", "干燥与乾坤"}, {"頭髮發展", "头发发展"}, {"瞭解軟體", "了解软体"}, {"反覆複製", "反复复制"}, {"為什麼", "为什么"}, {"爲甚麽", "为甚么"}, {"麵條裡面", "面条里面"}, {"座標系統", "坐标系统"}, {"憑藉著", "凭借着"}},
		"invisible":   {{"da\u200btabase", "database"}, {"soft\u00adware", "software"}, {"\ufeffindex", "index"}, {"a\u2060b\u200d\u200cc", "abc"}, {"缓\u200b存", "缓存"}, {"\u202eabc\u202c", "abc"}, {"한\u3164글", "한글"}},
		"apostrophes": {{"don’t", "don't"}, {"l‘eau", "l'eau"}, {"O\u02bcNeill", "o'neill"}, {"it＇s", "it's"}, {"5′", "5'"}, {"can´t", "can't"}, {"l´été", "l'ete"}, {"l\u1ffdété", "l'ete"}, {"O\u02bdNeill", "o'neill"}, {"L\u02b9vov", "l'vov"}, {"ג׳ז", "ג'ז"}, {"数据库´s", "数据库's"}, {"\ua78bx", "'x"}},
		"hyphens":     {{"e\u2010mail", "e-mail"}, {"non\u2011breaking", "non-breaking"}, {"\u22121", "-1"}, {"－x", "-x"}, {"C♯", "c#"}},
	} {
		for _, pair := range pairs {
			if a, b := fold.String(pair[0]), fold.String(pair[1]); a != b {
				t.Errorf("%s: %q is %q, and %q is %q", kind, pair[0], a, pair[1], b)
			}
		}
	}
	for _, pair := range [][2]string{{"が", "か"}, {"й", "и"}, {"क", "कि"}, {"メール", "メル"}, {"上", "下"}, {"土", "士"}, {"a", "b"}} {
		if fold.String(pair[0]) == fold.String(pair[1]) {
			t.Errorf("%s and %s are the same: %q", pair[0], pair[1], fold.String(pair[0]))
		}
	}
}

// TestReadable keeps simplified Chinese as it is: the words of questions are compared with it.
func TestReadable(t *testing.T) {
	for _, text := range []string{"为什么", "什么是", "怎么样", "如何", "了解", "的了和与及或而是吗呢", "后端发布", "索引复制", "干部", "面向对象", "台湾云计算", "里程碑", "系统钟", "尽量着重"} {
		if got := fold.String(text); got != text {
			t.Errorf("%s becomes %s", text, got)
		}
	}
}

func TestSpan(t *testing.T) {
	for source, tc := range map[string]struct{ folded, want string }{
		"Plain text":            {"text", "text"},
		"das Café hier":         {"cafe", "Café"},
		"a cafe\u0301 menu":     {"cafe", "cafe\u0301"},
		"ein da\u200bta\u00adx": {"datax", "da\u200bta\u00adx"},
		"in 後端 und":             {"后", "後"},
		"ﬁ le":                  {"f", "ﬁ"},
		"I can´t 缓存":            {"can't", "can´t"},
		"ｶﾞ ﾊﾞﾅ":                {"バナ", "ﾊﾞﾅ"},
		"x\xffy 缓存":             {"缓存", "缓存"},
	} {
		text := fold.New(source)
		at := strings.Index(text.String(), tc.folded)
		from, to := text.Span(at, at+len(tc.folded))
		if got := source[from:to]; at < 0 || got != tc.want {
			t.Errorf("%q of %q comes from %q", tc.folded, source, got)
		}
	}
}

// FuzzFold: a folded text is valid, stays as it is, and each part of it comes from a part of its source.
func FuzzFold(f *testing.F) {
	for _, s := range []string{"Café", "ｶﾞ\u3099", "\xff國", "a\u0301\u0302", "\u1112\u1161", "\u0344\u0385", "ŉ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		text := fold.New(source)
		folded := text.String()
		if !utf8.ValidString(folded) {
			t.Fatalf("%q becomes %q", source, folded)
		}
		if again := fold.String(folded); again != folded {
			t.Fatalf("%q becomes %q, and that becomes %q", source, folded, again)
		}
		last := 0
		for at, r := range folded {
			from, to := text.Span(at, at+utf8.RuneLen(r))
			if from < last || to <= from || to > len(source) {
				t.Fatalf("%q of %q comes from %d to %d, after %d", r, source, from, to, last)
			}
			last = from
		}
	})
}

func BenchmarkFold(b *testing.B) {
	for name, text := range map[string]string{"English": strings.Repeat("Caches keep what readers ask for. ", 1000), "Chinese": strings.Repeat("缓存击穿会让数据库过载，", 1000)} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				fold.New(text)
			}
		})
	}
}
