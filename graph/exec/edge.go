package exec

import "context"

// Edge declares how a field is resolved for all objects of a level at once.
type Edge struct {
	// Loaders names the loaders that Begin asks, and Then those that later steps ask. A load with nothing below it waits for
	// a later one of the same loader, so that both are one batch.
	Loaders, Then []string

	// Early reports whether Begin needs only the identifiers of its objects. It is then asked together with the objects.
	Early bool

	// Begin asks loaders for what the field needs and returns what to do once they have answered, nil if the values of the
	// field are set.
	Begin func(f *Fetch) Step

	// Written, if not nil, is called when the answer has the value of a leaf for the object at an index, in the bytes of the data
	// from one position up to another. An answer with errors may not have it there any more.
	Written func(f *Fetch, index, from, to int)
}

// Step continues the resolution of a field after the loaders have answered. It returns the next step if it has asked them for
// more, and nil if the values of the field are set.
type Step func() Step

// Edges are edges by the name of their field, such as "Document.author".
type Edges map[string]Edge

// Loader gives values by key to the fields of one operation.
type Loader[K comparable, V any] interface {
	// Ask registers a key for the next call of Env.Run, unless its value is known, and returns the index of its value. Indexes
	// are dense and start at 0.
	Ask(key K) (index int)

	// Get returns the value at an index after Env.Run. It returns false if the key has no value.
	Get(index int) (value V, ok bool, err error)
}

// Env is the environment of an operation, which edges get from [Fetch.Env].
type Env interface {
	// Run loads every key that loaders were asked for since the last call. It blocks until all of them have a value, have none
	// or have failed. A load that is given up because the context ended has failed.
	Run(ctx context.Context)
}
