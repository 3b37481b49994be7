package textfile_test

import (
	"testing"

	"docsquare/ent/document"
	"docsquare/internal/text/textfile"
)

// TestVisibility lists front matter of one line and why the document is not public; empty for one that is.
func TestVisibility(t *testing.T) {
	const password, kept = "it is protected by a password", "its front matter keeps it back"
	for line, want := range map[string]string{
		"password: secret": password, "password: 0": password, "Password: '1234'": password, "password: [a, b]": password, "passwd: x": password, "encrypt: true": password, "encrypted: yes": password,
		"protected: true": password, "secret: true": password, "密码: 一二三": password, "params: {password: x}": password, "extra: {password: x}": password, "password: ''": "", "password:": "", "password: false": "", "encrypt: false": "",

		"status: draft": "its status is draft", "status: 草稿": "its status is 草稿", "status: idea": "its status is idea", "status: WIP": "its status is wip", "status: private": "its status is private",
		"status: pending": "its status is pending", "status: In Progress": "its status is in progress", "status: in_progress": "its status is in_progress", "status: To-do": "its status is to-do", "status: 🟡 Draft": "its status is 🟡 draft",
		"status: WIP (50 %)": "its status is wip (50 %)", "status: First draft": "its status is first draft", "status: [draft]": "its status is draft", "status: {name: Draft}": "its status is draft", "status: ＤＲＡＦＴ": "its status is ｄｒａｆｔ",
		"status: '#draft'": "its status is #draft", "status: 进行中": "its status is 进行中", "status: 待发布（周五）": "its status is 待发布（周五）", "status: 未發佈": "its status is 未發佈", "status: 下書き": "its status is 下書き", "status: auto-draft": "its status is auto-draft",
		"status: 0": "its status is 0", "status: false": "its status is false", "state: Unpublished": "its status is unpublished", "状态: 想法": "its status is 想法", "post_status: future": "its status is future", "status: scheduled": "its status is scheduled",
		"status: publish": "", "status: published": "", "status: done": "", "status: 已发布": "", "status: 完成": "", "status: true": "", "status: evergreen": "", "status: accepted": "", "status: archived": "", "status: overdraft": "", "status: {a: b}": "", "status:": "",

		"isDraft: true": kept, "is_draft: 1": kept, "草稿: 是": kept, "public: false": kept, "isDraft: false": "", "public: true": "", "draft:": "", "hide: [toc]": "", "hide: navigation": "",
		"date: 2018-01-01\npublished: 2099-01-01": "its date is in the future", "date: 2018-01-01\npublished_at: 2099年1月1日": "its date is in the future", "date: 2018-01-01\npublishedAt: 2099-01-01T08:00:00+08:00": "its date is in the future",
		"publish_date: 2099/01/01": "its date is in the future", "pub_date: 2019-01-01": "", "date: 2018-01-01\npublished: true": "", "unpublish_date: 2019-01-01": "its date of expiry is over", "expiry_date: 2099-01-01": "", "unpublish_date: later": "its unpublish_date is no date",
		"hide: true": "its front matter does not list it", "embargo: 2099-01-01": "its date is in the future", "publishDate: 2099年1月1日": "its date is in the future", "publishDate: soon": "its publishdate is no date", "expiryDate: 明年": "its expirydate is no date",
	} {
		d, err := textfile.Read("x.md", document.FormatMD, []byte("---\n"+line+"\ntitle: x\n---\ntext"), now)
		if err != nil || d.Reason != want || (d.Visibility == document.VisibilityPublic) != (want == "") {
			t.Errorf("%s: %s, because %q, %v", line, d.Visibility, d.Reason, err)
		}
	}
	for text, want := range map[string]string{
		"a\n\n{{% hugo-encryptor \"x\" %}}\nb\n{{% /hugo-encryptor %}}": password, "{{< hugo-encrypt >}}b{{< /hugo-encrypt >}}": password, "用 `hugo-encryptor` 加密文章": "",
		"a\n\n::: encrypt password=\"1\"\nb\n:::\n": password, "::::encrypt\nb\n::::": password, "a\n  ::: encrypt\n密文\n:::": password, "::: encrypted\nb\n:::": "", "a ::: encrypt": "",
		"---\ndg-publish: false\n---\na": "its front matter keeps it back", "---\ndg-publish: true\n---\na": "",
	} {
		if d, err := textfile.Read("x.md", document.FormatMD, []byte(text), now); err != nil || d.Reason != want {
			t.Errorf("%q: %q, %v", text, d.Reason, err)
		}
	}
}
