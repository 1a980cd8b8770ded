/// What `glo init` writes. Every scaffold needs the language's own standard library only.
enum ScaffoldTemplates {
    /// The manifest of a compiled handler on the Runtime API.
    static func compiledManifest(compiler: String) -> ScaffoldFile {
        ScaffoldFile(
            name: "function.yaml",
            contents: """
                # `make` in this directory builds ./bootstrap (it needs \(compiler)). Glo deploys it when the file is whole.
                # The handler polls Lambda's Runtime API: an HTTP request comes as an event in payload format 2.0.
                contract: lambda
                command: [./bootstrap]
                memory: 64Mi
                timeout: 10s

                """)
    }

    /// A Makefile that puts the program into place in one step, so that nobody ever sees half of it.
    static func makefile(source: String, command: String) -> ScaffoldFile {
        ScaffoldFile(
            name: "Makefile",
            contents: """
                bootstrap: \(source)
                \t\(command)
                \tmv -f bootstrap.part bootstrap

                clean:
                \trm -f bootstrap bootstrap.part

                .PHONY: clean

                """)
    }
}
