package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
)

const registerMutation = `mutation($name: String!, $email: String!) {
	register(input: {username: $name, email: $email, displayName: "N", password: "a long password"}) { token } }`

const createMutation = `mutation($title: String!, $body: String!) {
	createDocument(input: {title: $title, body: $body, visibility: PUBLIC, category: "soak", tags: ["soak"]}) { document { id } } }`

const commentMutation = `mutation($id: ID!, $body: String!) { addComment(input: {documentId: $id, body: $body}) { comment { id } } }`

// The wards of the addresses.
const (
	normalWard  = 1
	hostileWard = 2
)

const (
	docsEach     = 5
	commentsEach = 4
)

// populate makes the accounts of all clients, and their documents.
func (s *site) populate(ctx context.Context, o options, kinds []kind) (normal []*citizen, hostile []order, err error) {
	var ids []string
	for i := range o.normal {
		c := &citizen{client: newClient(s.server.URL, normalWard, i+1), random: rand.New(rand.NewPCG(1, uint64(i))), liked: map[string]bool{}}
		if err := c.register(ctx, fmt.Sprintf("normal-%02d", i)); err != nil {
			return nil, nil, err
		}
		for n := range docsEach {
			id, err := c.create(ctx, fmt.Sprintf("Notes %d.%d", i, n), "# Notes\n\n"+strings.Repeat("Some *words* about `things`, and a [link](https://example.org).\n\n", 20))
			if err != nil {
				return nil, nil, err
			}
			for k := range commentsEach {
				if err := c.patiently(ctx, commentMutation, variables{"id": id, "body": fmt.Sprintf("comment %d", k)}, new(any)); err != nil {
					return nil, nil, err
				}
			}
			ids = append(ids, id)
		}
		normal = append(normal, c)
	}
	for _, c := range normal {
		c.ids = ids
	}
	for i := range o.hostile {
		c := newClient(s.server.URL, hostileWard, i+1)
		if err := c.register(ctx, fmt.Sprintf("hostile-%02d", i)); err != nil {
			return nil, nil, err
		}
		id, err := c.create(ctx, "Large", texts[i%len(texts)](largestText-100))
		if err != nil {
			return nil, nil, err
		}
		hostile = append(hostile, order{URL: c.url, Token: c.token, Document: id, Kind: kinds[i%len(kinds)].name, Number: i})
	}
	return normal, hostile, nil
}

func (c *client) register(ctx context.Context, name string) error {
	var in struct{ Register struct{ Token string } }
	err := c.patiently(ctx, registerMutation, variables{"name": name, "email": name + "@example.org"}, &in)
	c.token = in.Register.Token
	return err
}

func (c *client) create(ctx context.Context, title, body string) (string, error) {
	var made struct {
		CreateDocument struct{ Document struct{ ID string } }
	}
	err := c.patiently(ctx, createMutation, variables{"title": title, "body": body}, &made)
	return made.CreateDocument.Document.ID, err
}
