extension ScaffoldTemplates {
    /// A Runtime API client on the standard library.
    static let rust: [ScaffoldFile] = [
        compiledManifest(compiler: "rustc"),
        makefile(source: "main.rs", command: "rustc --edition 2021 -O -C strip=symbols -o bootstrap.part main.rs"),
        ScaffoldFile(
            name: "main.rs",
            contents: ##"""
                // A function in Rust. Build it with: make
                use std::env;
                use std::io::{self, BufRead, BufReader, Error, ErrorKind, Read, Write};
                use std::net::TcpStream;

                /// Turns one event into one response. What goes to stderr is in the function's log.
                fn handle(event: &[u8]) -> String {
                    eprintln!("an event of {} bytes", event.len());
                    let body = r"Hello from Rust!\n";
                    format!(r#"{{"statusCode":200,"headers":{{"content-type":"text/plain"}},"body":"{body}"}}"#)
                }

                // ---- The rest asks Lambda's Runtime API for events and gives it the responses. ----

                /// Reads one HTTP response: its body, and the invocation's id if it has one.
                fn read_response(input: &mut impl BufRead) -> io::Result<(Vec<u8>, String)> {
                    let mut line = String::new();
                    if input.read_line(&mut line)? == 0 {
                        return Err(Error::new(ErrorKind::UnexpectedEof, "the Runtime API is gone"));
                    }
                    let (mut length, mut id) = (0, String::new());
                    loop {
                        line.clear();
                        input.read_line(&mut line)?;
                        let Some((name, value)) = line.split_once(':') else { break };
                        match name.to_ascii_lowercase().as_str() {
                            "content-length" => length = value.trim().parse().unwrap_or(0),
                            "lambda-runtime-aws-request-id" => id = value.trim().to_string(),
                            _ => {}
                        }
                    }
                    let mut body = vec![0; length];
                    input.read_exact(&mut body)?;
                    Ok((body, id))
                }

                fn main() -> io::Result<()> {
                    let api = env::var("AWS_LAMBDA_RUNTIME_API").expect("AWS_LAMBDA_RUNTIME_API is set");
                    let mut output = TcpStream::connect(&api)?;
                    output.set_nodelay(true)?;
                    let mut input = BufReader::new(output.try_clone()?);
                    let root = "/2018-06-01/runtime/invocation";
                    loop {
                        output.write_all(format!("GET {root}/next HTTP/1.1\r\nHost: {api}\r\n\r\n").as_bytes())?;
                        let (event, id) = read_response(&mut input)?;
                        let response = handle(&event);
                        let request = format!(
                            "POST {root}/{id}/response HTTP/1.1\r\nHost: {api}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{response}",
                            response.len()
                        );
                        output.write_all(request.as_bytes())?;
                        read_response(&mut input)?;
                    }
                }

                """##),
    ]
}
