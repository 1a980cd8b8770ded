/// The loaders that `runtime:` of a manifest names, carried by the binary.
package enum HandlerRuntimes {
    package struct File: Sendable {
        /// Relative to the directory of all loaders.
        package let path: String
        package let bytes: [UInt8]

        package init(path: String, bytes: [UInt8]) {
            self.path = path
            self.bytes = bytes
        }
    }

    package static var files: [File] {
        [
            File(path: "python/bootstrap.py", bytes: PackageResources.bootstrap_py),
            File(path: "python/_glo_connection.py", bytes: PackageResources._glo_connection_py),
            File(path: "python/_glo_context.py", bytes: PackageResources._glo_context_py),
            File(path: "python/_glo_logging.py", bytes: PackageResources._glo_logging_py),
            File(path: "python/_glo_results.py", bytes: PackageResources._glo_results_py),
            File(path: "node/bootstrap.cjs", bytes: PackageResources.bootstrap_cjs),
            File(path: "node/connection.cjs", bytes: PackageResources.connection_cjs),
            File(path: "node/console.cjs", bytes: PackageResources.console_cjs),
            File(path: "node/errors.cjs", bytes: PackageResources.errors_cjs),
            File(path: "node/globals.cjs", bytes: PackageResources.globals_cjs),
            File(path: "node/load.cjs", bytes: PackageResources.load_cjs),
            File(path: "node/stream.cjs", bytes: PackageResources.stream_cjs),
        ]
    }
}
