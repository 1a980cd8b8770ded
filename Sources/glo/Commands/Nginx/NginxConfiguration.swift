/// A configuration of nginx in front of Glo, for its `http` section.
struct NginxConfiguration {
    enum Encryption: Hashable {
        /// Plain HTTP.
        case none
        case files(certificate: String, key: String)
        /// certbot's files for the server's name, and its challenges.
        case certbot
    }

    var serverName: String
    var encryption: Encryption
    var httpPort = 80
    var httpsPort = 443
    var hasIPv6 = true
    /// Glo's public listener, as nginx on this machine reaches it.
    var upstream: String
    var maximumBodyBytes: Int
    /// Requests per second of one address.
    var rate: Int
    var routes: [NginxRoute]
    /// What a new function has that this file does not know of.
    static let defaultSeconds = 35

    var text: String {
        heading + zones + upstreamBlock + (encryption == .none ? "" : redirect) + server
    }

    private var heading: String {
        """
        # Made by `glo nginx`. Make it anew when routes or time limits change, then: nginx -t && systemctl reload nginx
        #
        # Glo has to believe this proxy's X-Forwarded-For, else every client has the proxy's address (glo.yaml):
        #     trustedProxies: [127.0.0.1, "::1"]


        """
    }

    private var zones: String {
        """
        # Per client address: how many requests a second, and how many at once.
        limit_req_zone $binary_remote_addr zone=glo_requests:10m rate=\(rate)r/s;
        limit_conn_zone $binary_remote_addr zone=glo_connections:10m;


        """
    }

    private var upstreamBlock: String {
        """
        upstream glo {
            # One server is never given up: while it is started anew, connections wait in the socket of systemd.
            server \(upstream) max_fails=0;
            # Below the 75 s after which Glo closes an idle connection.
            keepalive 64;
            keepalive_timeout 60s;
        }


        """
    }

    private var redirect: String {
        """
        server {
        \(listen("\(httpPort)"))
            server_name \(serverName);
        \(challenge)    location / {
                return 308 https://$host$request_uri;
            }
        }


        """
    }

    /// Where certbot shows that the name is this machine's.
    private var challenge: String {
        guard encryption == .certbot else { return "" }
        return """
                # certbot certonly --webroot --webroot-path /var/www/html --domain \(serverName)
                location ^~ /.well-known/acme-challenge/ {
                    root /var/www/html;
                }

            """
    }

    /// The directives for a port and its options, each with the indentation of a server's block.
    private func listen(_ words: String) -> String {
        "    listen \(words);" + (hasIPv6 ? "\n    listen [::]:\(words);" : "")
    }

    private var listeners: String {
        let files: (certificate: String, key: String)
        switch encryption {
        case .none:
            return """
                    # Plain HTTP: for a private network, or behind another proxy that has the certificate.
                \(listen("\(httpPort)"))

                """
        case .files(let certificate, let key): files = (certificate, key)
        case .certbot:
            let live = "/etc/letsencrypt/live/\(serverName)"
            files = ("\(live)/fullchain.pem", "\(live)/privkey.pem")
        }
        return """
            \(listen("\(httpsPort) ssl http2"))
                ssl_certificate \(files.certificate);
                ssl_certificate_key \(files.key);
                ssl_protocols TLSv1.2 TLSv1.3;
                ssl_session_cache shared:glo_tls:10m;
                ssl_session_timeout 1d;
                ssl_session_tickets off;

            """
    }

    private var server: String {
        """
        server {
        \(listeners)    server_name \(serverName);

            # Glo's maxBody. Bodies are taken in whole before Glo sees them: slow clients hold nothing there.
            client_max_body_size \(maximumBodyBytes);
            client_header_timeout 10s;
            client_body_timeout 20s;
            send_timeout 60s;

            limit_req zone=glo_requests burst=\(rate * 2) nodelay;
            limit_req_status 429;
            limit_conn glo_connections 100;
            limit_conn_status 429;

            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            # The client's own X-Forwarded-For is replaced: anybody can write one.
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_set_header X-Forwarded-Port $server_port;
            proxy_connect_timeout 60s;
            proxy_send_timeout 60s;
            # What a handler streams is passed on as it comes.
            proxy_buffering off;
            # A kept connection may have been closed just now: a GET is sent once more, a POST that may have arrived is not.
            proxy_next_upstream error;

            # Health and readiness are for this machine; the results of stored events (/_/invocations/ID) are for clients.
            location = /_/health {
                allow 127.0.0.1;
                allow ::1;
                deny all;
                proxy_pass http://glo;
            }
            location = /_/ready {
                allow 127.0.0.1;
                allow ::1;
                deny all;
                proxy_pass http://glo;
            }
            location ^~ /_/invocations/ {
                proxy_read_timeout 65s;
                proxy_pass http://glo;
            }

        \(locations)    # Routes that are newer than this file.
            location / {
                proxy_read_timeout \(otherSeconds)s;
                proxy_pass http://glo;
            }
        }

        """
    }

    /// One for each route; two routes with one location share the longer time.
    private var locations: String {
        locationList.filter { $0.words != "/" }.map { location in
            """
                # \(location.functions.sorted().joined(separator: ", "))
                location \(location.words) {
                    proxy_read_timeout \(location.seconds)s;
                    proxy_pass http://glo;
                }


            """
        }.joined()
    }

    /// What is in none of the ``locations`` is newer than this file, of a route for all paths, or a spelling that nginx
    /// reads as a path with more or fewer segments: any function may be meant.
    private var otherSeconds: Int { max(Self.defaultSeconds, routes.map(\.readSeconds).max() ?? 0) }

    /// One of nginx's locations with the functions behind it.
    struct Location: Hashable {
        /// What stands behind `location`.
        var words: String
        var seconds: Int
        var functions: Set<String>
        fileprivate var order: [Int]
        fileprivate var isExpression: Bool { words.hasPrefix("~") }
    }

    /// nginx takes the first expression that matches, so they stand in the order in which Glo would try them.
    var locationList: [Location] {
        let expressions = contested
        var known: [String: Location] = [:]
        for route in routes {
            guard let words = route.location(asExpression: expressions.contains(route.path)) else { continue }
            var location = known[words] ?? Location(words: words, seconds: 0, functions: [], order: route.order)
            location.seconds = max(location.seconds, route.readSeconds)
            location.functions.insert(route.function)
            known[words] = location
        }
        let sorted = known.values.sorted { $0.words < $1.words }
        let byOrder = sorted.filter(\.isExpression).sorted { one, other in
            one.order == other.order ? one.words < other.words : one.order.lexicographicallyPrecedes(other.order)
        }
        return sorted.filter { !$0.isExpression } + byOrder
    }

    /// The paths of prefixes that an expression would take paths from. They become expressions themselves, and may then
    /// take paths from other prefixes.
    private var contested: Set<String> {
        let prefixes = routes.filter { $0.location?.hasPrefix("/") == true || $0.location?.hasPrefix("\"/") == true }
        var expressions = routes.filter { $0.location?.hasPrefix("~") == true }
        var contested: Set<String> = []
        while true {
            let found = prefixes.filter { prefix in
                prefix.location != "/" && !contested.contains(prefix.path)
                    && expressions.contains { $0.isLookedAt(beforePrefix: prefix) }
            }
            guard !found.isEmpty else { return contested }
            contested.formUnion(found.map(\.path))
            expressions += found
        }
    }
}
