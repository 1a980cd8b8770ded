HELLO = "hi"
