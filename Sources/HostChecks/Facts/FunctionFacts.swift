/// What a function's manifest asks of the host, and where its bytes may go.
package struct FunctionFacts: Hashable, Sendable {
    package var name: String
    package var memoryBytes: Int
    package var minWorkers: Int
    package var maxWorkers: Int
    /// Whether its containers may open connections to the internet.
    package var hasEgress: Bool
    /// Nil is the built-in image.
    package var image: String?
    /// URLs that results are sent to.
    package var destinations: [String]
    /// URLs that the keys for tokens are fetched from.
    package var keySets: [String]
    /// Whether callers may name a URL for the result.
    package var allowsCallbacks: Bool

    package init(
        name: String, memoryBytes: Int, minWorkers: Int = 0, maxWorkers: Int = 1, hasEgress: Bool = false,
        image: String? = nil, destinations: [String] = [], keySets: [String] = [],
        allowsCallbacks: Bool = false
    ) {
        self.name = name
        self.memoryBytes = memoryBytes
        self.minWorkers = minWorkers
        self.maxWorkers = maxWorkers
        self.hasEgress = hasEgress
        self.image = image
        self.destinations = destinations
        self.keySets = keySets
        self.allowsCallbacks = allowsCallbacks
    }
}
