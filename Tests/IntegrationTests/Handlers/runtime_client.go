// A client of the Runtime API on Go's own HTTP stack, which speaks as Go's Lambda library does: every body is chunked
// and declares trailers, errors have no type in a field, and a panic ends the process.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"time"
)

const (
	errorType   = "Lambda-Runtime-Function-Error-Type"
	errorBody   = "Lambda-Runtime-Function-Error-Body"
	integration = "application/vnd.awslambda.http-integration-response"
)

var base = "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/"

// telling ends a body that failed with trailers that say so.
type telling struct {
	io.Reader
	trailer http.Header
}

func (t *telling) Read(p []byte) (int, error) {
	n, err := t.Reader.Read(p)
	if err != nil && err != io.EOF {
		document, _ := json.Marshal(map[string]string{"errorMessage": err.Error(), "errorType": "errorString"})
		t.trailer.Set(errorType, "errorString")
		t.trailer.Set(errorBody, base64.StdEncoding.EncodeToString(document))
		return n, io.EOF
	}
	return n, err
}

func post(path, contentType string, body io.Reader) {
	request, err := http.NewRequest("POST", base+path, nil)
	check(err)
	request.Header.Set("Content-Type", contentType)
	request.Trailer = http.Header{errorType: nil, errorBody: nil}
	request.Body = io.NopCloser(&telling{body, request.Trailer})
	answer, err := http.DefaultClient.Do(request)
	check(err)
	io.Copy(io.Discard, answer.Body)
	answer.Body.Close()
	if answer.StatusCode != http.StatusAccepted {
		panic("the answer was not accepted: " + answer.Status)
	}
}

// stream writes a response of an HTTP function piece by piece; a broken one fails behind the first.
func stream(isBroken bool) io.Reader {
	reader, writer := io.Pipe()
	go func() {
		io.WriteString(writer, `{"statusCode":203,"headers":{"x-go":"yes"},"cookies":["c=1"]}`+"\x00\x00\x00\x00\x00\x00\x00\x00")
		for _, piece := range []string{"stre", "amed"} {
			io.WriteString(writer, piece)
			time.Sleep(200 * time.Millisecond)
			if isBroken {
				writer.CloseWithError(errors.New("the reader failed"))
				return
			}
		}
		writer.Close()
	}()
	return reader
}

func main() {
	born := time.Now().Format(time.RFC3339Nano)
	for {
		next, err := http.Get(base + "next")
		check(err)
		event, err := io.ReadAll(next.Body)
		check(err)
		next.Body.Close()
		id := next.Header.Get("Lambda-Runtime-Aws-Request-Id")
		var wanted struct {
			Do      string
			RawPath string `json:"rawPath"`
		}
		json.Unmarshal(event, &wanted)
		switch wanted.Do + wanted.RawPath {
		case "error":
			post(id+"/error", "application/json", bytes.NewBufferString(`{"errorMessage":"as asked","errorType":"errorString"}`))
		case "panic":
			post(id+"/error", "application/json", bytes.NewBufferString(
				`{"errorMessage":"as asked","errorType":"string","stackTrace":[{"path":"main.go","line":1,"label":"main"}]}`))
			os.Exit(1)
		case "process":
			document, _ := json.Marshal(born)
			post(id+"/response", "application/json", bytes.NewReader(document))
		case "/stream":
			post(id+"/response", integration, stream(false))
		case "/broken":
			post(id+"/response", integration, stream(true))
		default:
			post(id+"/response", "application/json", bytes.NewReader(event))
		}
	}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
