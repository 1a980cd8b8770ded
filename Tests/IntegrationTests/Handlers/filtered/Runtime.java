// The same for Java.
import java.io.*;
import java.net.*;
import java.nio.channels.*;
import java.nio.file.*;
import java.util.concurrent.*;
import java.util.stream.*;

public class Runtime {
    public static void main(String[] arguments) throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress("127.0.0.1", 0));
            int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
            ExecutorService pool = Executors.newFixedThreadPool(4);
            Future<Integer> served = pool.submit(() -> {
                try (SocketChannel client = server.accept()) { return client.socket().getInputStream().read(); }
            });
            try (Socket socket = new Socket("localhost", port)) { socket.getOutputStream().write(7); }
            if (served.get(20, TimeUnit.SECONDS) != 7) throw new IllegalStateException("echo");
            pool.shutdown();
        }
        try (Selector selector = Selector.open()) { selector.selectNow(); }
        InetAddress.getAllByName("localhost");
        NetworkInterface.getNetworkInterfaces();
        Path file = Files.createTempFile("a", "b");
        Files.writeString(file, "x");
        if (IntStream.range(0, 1000).parallel().sum() != 499500) throw new IllegalStateException("parallel");
        Process child = new ProcessBuilder("echo", "child").start();
        String said = new BufferedReader(new InputStreamReader(child.getInputStream())).readLine();
        if (!said.equals("child") || child.waitFor() != 0) throw new IllegalStateException("child");
        System.out.println("ok");
    }
}
