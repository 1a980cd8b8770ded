import ArgumentParser

/// The languages that `glo init` knows.
enum ScaffoldLanguage: String, ExpressibleByArgument, CaseIterable {
    case python, node, bash, swift, go, rust, c

    /// The files of a new function.
    func files(name: String) -> [ScaffoldFile] {
        switch self {
        case .python: ScaffoldTemplates.python
        case .node: ScaffoldTemplates.node
        case .bash: ScaffoldTemplates.bash(name: name)
        case .swift: ScaffoldTemplates.swift
        case .go: ScaffoldTemplates.go(name: name)
        case .rust: ScaffoldTemplates.rust
        case .c: ScaffoldTemplates.c
        }
    }

    /// Whether the handler has to be compiled first.
    var needsBuild: Bool {
        switch self {
        case .python, .node, .bash: false
        case .swift, .go, .rust, .c: true
        }
    }
}
