import DispatchCore
import FunctionModel
import HTTPCodec
import NIOCore

/// Requests on their way from the policies to the delegate.
extension ConnectionHandler {
    /// Larger bodies are searched for CloudEvents on another thread: reading JSON takes the longer the more there is,
    /// and everybody else would wait.
    private static let largestBodyReadHere = 65_536

    /// Reads what the request wishes and carries, and gives it to the delegate.
    ///
    /// - Parameter exchange: the one that stands for the client already; nil makes one.
    func start(_ arrived: ArrivedRequest, exchange: GatewayExchange?) {
        guard arrived.isStored || arrived.mayCarryCloudEvents else {
            return send(arrived, wishes: nil, cloudEvents: nil, exchange)
        }
        do throws(InvocationFailure) {
            let wishes = arrived.isStored ? try EventWishes(arrived.sentFields) : nil
            guard arrived.mayCarryCloudEvents else { return send(arrived, wishes: wishes, cloudEvents: nil, exchange) }
            guard arrived.body.readableBytes <= Self.largestBodyReadHere else {
                return readElsewhere(arrived, wishes, exchange)
            }
            send(arrived, wishes: wishes, cloudEvents: try CloudEventDelivery.read(arrived), exchange)
        } catch {
            refuse(error)
        }
    }

    private func readElsewhere(_ arrived: ArrivedRequest, _ wishes: EventWishes?, _ exchange: GatewayExchange?) {
        guard let loop = context?.eventLoop else { return }
        let exchange = exchange ?? makeExchange(arrived)
        self.exchange = exchange
        let bound = NIOLoopBound((self, exchange), eventLoop: loop)
        Task {
            let result: Result<CloudEventDelivery?, InvocationFailure>
            do throws(InvocationFailure) {
                result = .success(try CloudEventDelivery.read(arrived))
            } catch {
                result = .failure(error)
            }
            loop.execute {
                let (me, exchange) = bound.value
                // The client may have left.
                guard me.exchange === exchange else { return }
                switch result {
                case .success(let cloudEvents):
                    me.send(arrived, wishes: wishes, cloudEvents: cloudEvents, exchange)
                case .failure(let failure): me.refuse(failure)
                }
            }
        }
    }

    func makeExchange(_ arrived: ArrivedRequest) -> GatewayExchange {
        GatewayExchange(
            id: arrived.id, of: arrived.route.function, mapping: ResultMapping(arrived.route), connection: self)
    }

    private func send(
        _ arrived: ArrivedRequest, wishes: EventWishes?, cloudEvents: CloudEventDelivery?, _ exchange: GatewayExchange?
    ) {
        let event = HTTPEvent(
            head: arrived.head, body: arrived.body, sourceAddress: arrived.sourceAddress,
            routePattern: arrived.pattern, pathParameters: arrived.parameters,
            receivedAtMilliseconds: gateway.clock.unixMilliseconds(), format: arrived.route.format)
        let exchange = exchange ?? makeExchange(arrived)
        self.exchange = exchange
        var wishes = wishes
        wishes?.caller = arrived.caller
        gateway.delegate.invoke(
            GatewayRequest(
                id: arrived.id, route: arrived.route, event: event, traceParent: arrived.traceParent,
                parentSpan: arrived.parentSpan, wishes: wishes, receivedAt: gateway.clock.now(),
                cloudEvents: cloudEvents), responder: exchange)
    }
}
