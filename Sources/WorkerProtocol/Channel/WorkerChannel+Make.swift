package import FunctionModel
package import NIOCore

extension WorkerChannel {
    /// Makes the channel of a contract. Called on the event loop.
    ///
    /// - Parameter descriptors: what init passed for this worker; owned by the channel from here on.
    ///   `lambda`: one listening socket. `http`: one or more connected sockets, or none yet.
    ///   `stdio`: the end that writes the handler's standard input, the end that reads its standard output.
    ///   `exec`: one connected socket for each slot.
    package static func make(
        contract: Contract, id: UInt32, context: WorkerContext, descriptors: [Int32], on eventLoop: any EventLoop,
        delegate: any WorkerChannelDelegate
    ) -> WorkerChannel {
        switch contract {
        case .lambda:
            LambdaWorkerChannel(
                id: id, context: context, descriptors: descriptors, on: eventLoop, delegate: delegate)
        case .http:
            HTTPWorkerChannel(id: id, context: context, descriptors: descriptors, on: eventLoop, delegate: delegate)
        case .stdio:
            StdioWorkerChannel(id: id, context: context, descriptors: descriptors, on: eventLoop, delegate: delegate)
        case .exec:
            ExecWorkerChannel(id: id, context: context, descriptors: descriptors, on: eventLoop, delegate: delegate)
        }
    }
}
