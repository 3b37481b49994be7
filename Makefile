# docsquare. `make` lists the targets.

# Go finds the same compiled SQLite in its cache only while these stay the same.
export CGO_ENABLED := 1
export CGO_CFLAGS := -O2 -g0

TAGS := sqlite_fts5
TOOLS := bin/tools
LINT := $(TOOLS)/golangci-lint-v2.15.0
RACE := -race
TEST_TIMEOUT ?= 25m
TEST_FLAGS ?=
CHAOS_FLAGS ?=
SOAK_FLAGS ?=
FUZZ_TIME ?= 20s
MAX_LINES := 300

# Set it to tools/server.pgo to optimize the build for that profile. The first such build compiles everything again.
PGO ?= off

# Whose words are checked; postgres.go names a user of the system.
WORDED := '*.go' '*.graphqls' '*.md' '*.yml' '*.ts' '*.tsx' '*.js' '*.html' Makefile .ci/run ':!graph/generated' ':!graph/model' ':!ent' \
	':!internal/testkit/process/postgres.go'

# What `make generate` writes.
GENERATED := ent graph/generated graph/model graph/*.resolvers.go

.DEFAULT_GOAL := help
.PHONY: help run build test bench profile relevance mutations chaos chaos-disconnect chaos-latency chaos-editor chaos-build soak fuzz generate drift lint format lines words compiler

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## build and serve on http://127.0.0.1:8080, with data under ./data
	bin/docsquare serve

build: compiler ## build bin/docsquare
	go build -pgo=$(PGO) -tags $(TAGS) -ldflags '-s -w' -o bin/docsquare .

# Lint vets.
test: compiler ## run all tests, with the race detector, against real servers that it starts
	go build -o $(TOOLS)/serve ./tools/serve
	$(TOOLS)/serve -- go test $(RACE) -vet=off -tags $(TAGS) -shuffle=on -timeout $(TEST_TIMEOUT) $(TEST_FLAGS) ./...

bench: compiler ## run the benchmarks and print the tables of docs/performance.md
	go build -o $(TOOLS)/ ./tools/serve ./tools/benchtable
	$(TOOLS)/serve -- go test -tags $(TAGS) -run '^$$' -bench . -benchmem ./graph | $(TOOLS)/benchtable

profile: compiler ## record tools/server.pgo, the load that PGO=tools/server.pgo optimizes for
	go build -o $(TOOLS)/serve ./tools/serve
	$(TOOLS)/serve -- go test -tags $(TAGS) -run '^$$' -bench '^Benchmark(Mixed|OtherPages)$$' -benchtime 8s -o $(TOOLS)/graph.test \
		-cpuprofile $(CURDIR)/tools/server.pgo ./graph

relevance: compiler ## measure how well the search answers, on the documents of CORPUS
	go build -tags $(TAGS) -o $(TOOLS)/ ./tools/serve ./tools/relevance
	$(TOOLS)/serve -- sh -c '$(TOOLS)/relevance "$(CORPUS)" "$$DOCSQUARE_TEST_POSTGRES_URL"'

mutations: compiler ## break each invariant of the cache in turn: a test must fail
	go build -o $(TOOLS)/serve ./tools/serve
	$(TOOLS)/serve -- go test -tags '$(TAGS) chaos' -run '^TestMutations$$' ./internal/cache/... ./internal/store

chaos: compiler chaos-build ## break Redis and instances under load for minutes, and judge every read (CHAOS_FLAGS)
	$(TOOLS)/chaos -binary bin/docsquare-chaos $(CHAOS_FLAGS)

chaos-disconnect: compiler chaos-build ## have clients disconnect during their writes, on both databases, with and without Redis, and judge every read
	for database in sqlite postgres; do for redis in true false; do \
		$(TOOLS)/chaos -binary bin/docsquare-chaos -disconnects -database $$database -redis=$$redis -duration 2m $(CHAOS_FLAGS) || exit 1; \
	done; done

chaos-latency: compiler chaos-build ## measure what faults of Redis cost a reader
	$(TOOLS)/chaos -binary bin/docsquare-chaos -latency $(CHAOS_FLAGS)

chaos-editor: compiler chaos-build ## kill the server and Redis under 200 editors that autosave, and compare every text
	$(TOOLS)/chaos -binary bin/docsquare-chaos -editors 200 -duration 2m $(CHAOS_FLAGS)

chaos-build:
	go build -tags '$(TAGS) chaos' -o bin/docsquare-chaos .
	go build -tags $(TAGS) -o $(TOOLS)/ ./tools/chaos

soak: compiler build ## measure what clients that send the worst requests cost others, for 10 minutes (SOAK_FLAGS)
	go build -tags $(TAGS) -o $(TOOLS)/ ./tools/soak
	$(TOOLS)/soak -binary bin/docsquare $(SOAK_FLAGS)

fuzz: compiler ## fuzz each Fuzz function for FUZZ_TIME (20s)
	@grep -rlE --include='*_test.go' '^func Fuzz' . | while read -r file; do \
		for name in $$(sed -nE 's/^func (Fuzz[A-Za-z0-9_]*)\(.*/\1/p' "$$file"); do \
			echo "== $$name ($$file)"; \
			go test -tags $(TAGS) -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZ_TIME) "$$(dirname "$$file")" || exit 1; \
		done; \
	done

# What lint and gqlgen load is compiled as the tests want it: once for all three.
lint generate: export GOFLAGS := $(GOFLAGS) -tags=$(TAGS) $(RACE)
generate: compiler ## generate the code of ent, then that of gqlgen
	go generate ./ent
	go generate .

drift: generate ## fail where generated code or go.mod is not what the sources say
	git diff --exit-code -- $(GENERATED)
	@untracked=$$(git ls-files --others --exclude-standard -- $(GENERATED)); \
	if [ -n "$$untracked" ]; then echo "generated and not committed:"; echo "$$untracked"; exit 1; fi
	go mod tidy -diff

lint: compiler lines words $(LINT) ## check style, floors, formatting and language
	$(LINT) run ./...

format: $(LINT) ## format the code as lint wants it
	$(LINT) fmt

lines: # a longer file holds two concepts, and a file of megabytes is no source
	@git ls-files --cached --others --exclude-standard -- '*.go' | while read -r file; do \
		[ -f "$$file" ] || continue; \
		head -n 5 "$$file" | grep -q '^// Code generated .* DO NOT EDIT\.$$' && continue; \
		count=$$(wc -l < "$$file"); \
		if [ "$$count" -gt $(MAX_LINES) ]; then echo "$$file has $$count lines, at most $(MAX_LINES) are allowed"; echo; fi; \
	done | { ! grep .; }
	@git ls-files --cached --others --exclude-standard -z | xargs -0 -r sh -c 'find "$$@" -type f -size +2M' sh | sed 's/$$/ is larger than 2 MiB: is it a binary?/' | { ! grep .; }

words: # plain technical English: no word of .ci/words; in comments of the code, no thing that "says", "tells" or "stands"
	@{ git grep --untracked -nwEf .ci/words -- $(WORDED); git grep --untracked -nwEf .ci/words -- ent/schema ent/template; \
		git grep --untracked -nE '//.*\b(says|tells|stands|told)\b' -- $(WORDED) ':!*_test.go' ':!*.md' ':!internal/web/assets' ':!examples' ':!Makefile'; } | { ! grep .; }

# Not in go.mod, because its requirements are several hundred modules. The name has the version, so a new one is built once;
# the three gigabytes that this compiles are then of no use to anybody.
$(LINT):
	@echo "building golangci-lint (once, some minutes)"
	@mkdir -p $(TOOLS)
	cache=$$(mktemp -d) && CGO_ENABLED=0 GOFLAGS= GOCACHE=$$cache GOBIN=$(abspath $(TOOLS)) go install -trimpath -ldflags '-s -w' \
		github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(patsubst golangci-lint-%,%,$(notdir $@)); \
		code=$$?; rm -rf "$$cache"; exit $$code
	@mv $(TOOLS)/golangci-lint $@

compiler:
	@command -v "$$(go env CC | cut -d ' ' -f 1)" > /dev/null || { \
		echo "docsquare needs a C compiler for SQLite: install gcc (Debian: apt-get install gcc libc6-dev), or set CC."; exit 1; }
