#!/usr/bin/ruby
# The same for Ruby.
require "digest"
require "open3"
require "socket"
require "tempfile"

server = TCPServer.new("127.0.0.1", 0)
thread = Thread.new { client = server.accept; client.puts(client.gets); client.close }
client = TCPSocket.new("localhost", server.addr[1])
client.puts("echo")
raise "echo" unless client.gets == "echo\n"
thread.join
raise "names" if Addrinfo.getaddrinfo("localhost", 80).empty?
raise "child" unless Open3.capture2("echo child")[0] == "child\n"
raise "fork" unless Process.wait2(fork { exit!(3) })[1].exitstatus == 3
raise "pair" unless UNIXSocket.pair.size == 2
Tempfile.create { |file| file.write(Digest::SHA256.hexdigest("x")) }
puts "ok"
