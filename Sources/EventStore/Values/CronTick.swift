package import FunctionModel
package import NIOCore

/// One tick of a schedule. Any controller may hand it in; the first wins.
package struct CronTick: Sendable {
    /// Of the schedule; at most 128 bytes.
    package var name: String
    /// Unix time of the tick.
    package var atMilliseconds: Int
    package var function: FunctionName
    package var payload: ByteBuffer
    package var overlap: ScheduleTrigger.Overlap
    /// Text of the expression and its time zone: when it changes the schedule begins anew.
    package var spec: String
    /// Unix time of the schedule's tick before this one: the store knows by it which ticks were dealt with, wherever
    /// the clock has been meanwhile.
    package var previousMilliseconds: Int?
    package var contentType: String?
    package var meta: ByteBuffer?

    package init(
        name: String, atMilliseconds: Int, function: FunctionName, payload: ByteBuffer,
        overlap: ScheduleTrigger.Overlap, spec: String, previousMilliseconds: Int? = nil, contentType: String? = nil,
        meta: ByteBuffer? = nil
    ) {
        self.previousMilliseconds = previousMilliseconds
        self.name = name
        self.atMilliseconds = atMilliseconds
        self.function = function
        self.payload = payload
        self.overlap = overlap
        self.spec = spec
        self.contentType = contentType
        self.meta = meta
    }
}
