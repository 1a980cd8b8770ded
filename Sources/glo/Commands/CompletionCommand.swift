import ArgumentParser

/// `glo completion SHELL`.
struct CompletionCommand: ParsableCommand {
    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash, zsh, fish
    }

    static let configuration = CommandConfiguration(
        commandName: "completion", abstract: "Print a completion script for a shell.",
        discussion: """
            bash: glo completion bash > /etc/bash_completion.d/glo
            zsh:  glo completion zsh > "${fpath[1]}/_glo"
            fish: glo completion fish > ~/.config/fish/completions/glo.fish
            """)

    @Argument(help: "The shell.")
    var shell: Shell

    func run() throws {
        let kind: CompletionShell =
            switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        Console.output(GloCommand.completionScript(for: kind) + "\n")
    }
}
