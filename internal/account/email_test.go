package account

import (
	"strings"
	"testing"

	"docsquare/internal/testkit"
)

// TestEmail lists addresses as people type them, and texts that are none.
func TestEmail(t *testing.T) {
	long := strings.Repeat("a", 63)
	for text, want := range map[string]string{
		"Ann@Example.ORG": "ann@example.org", "\tann@example.org": "ann@example.org", "ann+x@example.org": "ann+x@example.org", "o'neil@example.org": "o'neil@example.org",
		"ＡＮＮ＠ｅｘａｍｐｌｅ．ｏｒｇ": "ann@example.org", "ａnn＋x@example。org": "ann+x@example.org", "用户@例子.中国": "用户@xn--fsqu00a.xn--fiqs8s", "ann@xn--fsqu00a.xn--fiqs8s": "ann@xn--fsqu00a.xn--fiqs8s",
		"E\u0301a@bu\u0308cher.example": "éa@xn--bcher-kva.example", "ann@localhost": "ann@localhost", "ann@" + long + ".org": "ann@" + long + ".org", long + "x@example.org": long + "x@example.org",
	} {
		if got, err := checkEmail(text); err != nil || got != want {
			t.Errorf("%q: %q, %v", text, got, err)
		}
		if again, err := checkEmail(want); err != nil || again != want {
			t.Errorf("%q becomes %q, %v", want, again, err)
		}
	}
	for _, text := range []string{
		"", " ", "ann", "ann@", "@example.org", "ann@@example.org", "a b@example.org", "ann@exa mple.org", "ann@example..org", ".ann@example.org", "ann.@example.org", "ann@-example.org", "ann@exa_mple.org",
		"ann\u200b@example.org", "\u202eann@example.org", "Ann <ann@example.org>", "ann@example.org, bob@example.org", "ann@" + long + "a.org", long + "xx@example.org", "ann@" + strings.Repeat(long+".", 4) + "org",
		strings.Repeat("用", 22) + "@example.org",
	} {
		if got, err := checkEmail(text); err == nil {
			t.Errorf("%q is the address %q", text, got)
		}
	}
}

// TestSignInByEmail signs in with the address of an account as another keyboard writes it.
func TestSignInByEmail(t *testing.T) {
	both(t, func(t *testing.T, s *Service) {
		u, err := s.Open(t.Context(), Registration{Username: "１２３ann", Email: "Ａnn+x＠Bücher.example", Password: "correct horse"})
		testkit.Must(t, err)
		if u.Username != "123ann" || u.Email != "ann+x@xn--bcher-kva.example" {
			t.Errorf("registered as %s, %s", u.Username, u.Email)
		}
		for _, name := range []string{"ann+x@bücher.example", "ANN+X@BU\u0308CHER.example", "ann＋x@xn--bcher-kva．example", "１２３ＡＮＮ", " 123ann "} {
			if id, found, err := s.ForSignIn(t.Context(), name); id != u.ID || !found || err != nil {
				t.Errorf("%q signs in to %v, %v, %v", name, id, found, err)
			}
		}
	})
}
