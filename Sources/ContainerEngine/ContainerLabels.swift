/// Who a container belongs to; the engine keeps it beyond a controller's death.
package struct ContainerLabels: Hashable, Sendable {
    /// Identity of the state directory. Controllers with different ones never touch each other's containers.
    package var namespace: String
    /// Identity of one run of a controller.
    package var boot: String
    package var function: String?
    package var version: Int?

    package init(namespace: String, boot: String, function: String? = nil, version: Int? = nil) {
        self.namespace = namespace
        self.boot = boot
        self.function = function
        self.version = version
    }

    package static let namespaceKey = "glo.namespace"
    package static let bootKey = "glo.boot"
    package static let functionKey = "glo.function"
    package static let versionKey = "glo.version"

    /// In the engine's form, sorted by key.
    package var pairs: [(key: String, value: String)] {
        var pairs = [(key: Self.bootKey, value: boot)]
        if let function { pairs.append((Self.functionKey, function)) }
        pairs.append((Self.namespaceKey, namespace))
        if let version { pairs.append((Self.versionKey, String(version))) }
        return pairs
    }
}
