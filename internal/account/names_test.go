package account_test

import (
	"testing"

	"docsquare/internal/account"
	"docsquare/internal/errs"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/viewer"
)

// TestRegistrationNames registers accounts with names in other forms of Unicode, and signs in with the usual ones.
func TestRegistrationNames(t *testing.T) {
	site := servicetest.Open(t, testkit.Database(t, "sqlite"), servicetest.Tiers{})
	name := "  Zoe\u0308   Müller "
	u, err := site.Accounts.Open(t.Context(), account.Registration{
		Username: " ＺＯＥ ", Email: "Zoe@Mu\u0308ller.Example", Password: "Pa\u0308sswo\u0308rd-1", DisplayName: &name,
	})
	testkit.Must(t, err)
	if u.Username != "zoe" || u.Email != "zoe@xn--mller-kva.example" || u.DisplayName != "Zoë Müller" {
		t.Errorf("%+v", u)
	}
	for _, login := range []string{"zoe", "ZOE", "ｚｏｅ", "zoe@müller.example", "ZOE@xn--mller-kva.example"} {
		if in, err := site.Accounts.Login(t.Context(), login, "Pässwörd-1", viewer.Viewer{}); err != nil || in.User.ID != u.ID {
			t.Errorf("%q: %v", login, err)
		}
	}
	_, err = site.Accounts.Open(t.Context(), account.Registration{Username: "other", Email: "zoe@MÜLLER.example", Password: "Pässwörd-1"})
	if !errs.Is(err, errs.Conflict) {
		t.Errorf("the same address is free: %v", err)
	}
}

// TestBadNames lists names that cannot be seen or that deceive, and addresses that are none.
func TestBadNames(t *testing.T) {
	site := servicetest.Open(t, testkit.Database(t, "sqlite"), servicetest.Tiers{})
	for field, texts := range map[string][]string{
		"displayName": {"", "\u200b\u3164", "a\u202eb", "a\nb", "a\x00b"},
		"username":    {"an\u200bn", "ann b", "аnn"}, // the last with a Cyrillic letter
		"email":       {"ann", "ann@", "@example.org", "ann@exa mple.org", "ann@-.org", "Ann <ann@example.org>", "a\u200bnn@example.org", "ann@example..org"},
		"password":    {"short", "e\u0301e\u0301e\u0301e\u0301"},
	} {
		for _, text := range texts {
			name := "Ann"
			r := account.Registration{Username: "ann", Email: "ann@example.org", Password: "long enough", DisplayName: &name}
			switch field {
			case "displayName":
				name = text
			case "username":
				r.Username = text
			case "email":
				r.Email = text
			case "password":
				r.Password = text
			}
			if _, err := site.Accounts.Open(t.Context(), r); errs.As(err) == nil || errs.As(err).Field != field {
				t.Errorf("%s %q: %v", field, text, err)
			}
		}
	}
}
