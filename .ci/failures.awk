# Prints the failures in the output of `go test -v`: for each test that failed the lines with a place in a test and its last lines, and the
# packages that failed otherwise.
# The lines of a test follow a line "=== RUN", "=== CONT" or "=== NAME" with its name.

/^=== (RUN|CONT|NAME|PAUSE) / { test = $3; next }

/^ *--- FAIL: / {
	print
	first = count[$3] > most ? count[$3] - most + 1 : 1
	for (i = 1; i <= count[$3]; i++) if (i >= first || lines[$3, i] ~ /_test\.go:[0-9]+: /) print lines[$3, i]
	next
}

/^(ok|FAIL)[ \t]/ {
	if ($1 == "FAIL") print
	delete count
	test = ""
	next
}

/^(panic: |fatal error: |WARNING: DATA RACE)/ { trace = most }

trace > 0 { print; trace-- }

{ lines[test, ++count[test]] = $0 }
