extension ScaffoldTemplates {
    /// A Runtime API client on the standard library.
    static func go(name: String) -> [ScaffoldFile] {
        [
            compiledManifest(compiler: "go"),
            makefile(
                source: "main.go go.mod",
                command: "CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o bootstrap.part ."),
            ScaffoldFile(name: "go.mod", contents: "module \(name)\n\ngo 1.19\n"),
            ScaffoldFile(
                name: "main.go",
                contents: #"""
                    // A function in Go. Build it with: make
                    package main

                    import (
                    	"bytes"
                    	"encoding/json"
                    	"fmt"
                    	"io"
                    	"log"
                    	"net/http"
                    	"os"
                    )

                    // request is the part of Lambda's payload format 2.0 that this function looks at.
                    type request struct {
                    	Query map[string]string `json:"queryStringParameters"`
                    }

                    type response struct {
                    	StatusCode int               `json:"statusCode"`
                    	Headers    map[string]string `json:"headers"`
                    	Body       string            `json:"body"`
                    }

                    // handle turns one event into one response. The log package writes to the function's log.
                    func handle(event []byte) (any, error) {
                    	var in request
                    	if err := json.Unmarshal(event, &in); err != nil {
                    		return nil, err
                    	}
                    	name := in.Query["name"]
                    	if name == "" {
                    		name = "world"
                    	}
                    	log.Println("greeting", name)
                    	return response{200, map[string]string{"content-type": "text/plain"}, fmt.Sprintf("Hello, %s!\n", name)}, nil
                    }

                    // ---- The rest asks Lambda's Runtime API for events and gives it the responses. ----

                    func main() {
                    	root := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/"
                    	for {
                    		next, err := http.Get(root + "next")
                    		if err != nil {
                    			log.Fatal(err)
                    		}
                    		event, err := io.ReadAll(next.Body)
                    		next.Body.Close()
                    		if err != nil {
                    			log.Fatal(err)
                    		}
                    		path, result := "/response", any(nil)
                    		if result, err = handle(event); err != nil {
                    			path, result = "/error", map[string]string{"errorType": "HandlerError", "errorMessage": err.Error()}
                    		}
                    		body, err := json.Marshal(result)
                    		if err != nil {
                    			log.Fatal(err)
                    		}
                    		id := next.Header.Get("Lambda-Runtime-Aws-Request-Id")
                    		answer, err := http.Post(root+id+path, "application/json", bytes.NewReader(body))
                    		if err != nil {
                    			log.Fatal(err)
                    		}
                    		io.Copy(io.Discard, answer.Body)
                    		answer.Body.Close()
                    	}
                    }

                    """#),
        ]
    }
}
