// The same for Go, whose listeners try Multipath TCP first.
package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"sync"
)

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	go http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "echo") }))
	response, err := http.Get("http://" + listener.Addr().String())
	must(err)
	body, err := io.ReadAll(response.Body)
	must(err)
	if string(body) != "echo" {
		panic(string(body))
	}
	_, err = net.LookupHost("localhost")
	must(err)
	_, err = net.Interfaces()
	must(err)
	var group sync.WaitGroup
	for i := 0; i < 50; i++ {
		group.Add(1)
		go func() { defer group.Done(); sha256.Sum256(make([]byte, 1<<16)) }()
	}
	group.Wait()
	must(os.WriteFile("/tmp/x", []byte("x"), 0o600))
	said, err := exec.Command("echo", "child").Output()
	must(err)
	if string(said) != "child\n" {
		panic(string(said))
	}
	fmt.Println("ok")
}
