// Package cpu counts the CPUs that the process may use, and adds a thread for short requests to those that long work keeps busy.
package cpu

import "runtime"

// count is taken before Spare raises GOMAXPROCS.
var count = runtime.GOMAXPROCS(0)

// Count returns how many CPUs the process may use: those of the machine, the limit of its cgroup, or GOMAXPROCS of the environment.
func Count() int { return count }

// Half returns how many CPUs long work of one kind may take, at least one: the others answer requests.
func Half() int { return max(1, count/2) }

// Spare lets one more goroutine run than there are CPUs. The scheduler of Go looks for requests on the network only when a goroutine ends or
// waits, or every 10 ms, so while long work keeps all its threads busy, each step of a short request takes up to 10 ms. With one thread
// more than long work takes, the kernel shares the CPUs among the threads, in turns of a few
// milliseconds. A single CPU keeps its one thread: a second one costs a tenth of its requests.
func Spare() {
	if count > 1 {
		runtime.GOMAXPROCS(count + 1)
	}
}
