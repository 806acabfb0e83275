/* Prints what hello-world says, without a C library: the whole image is this one small file. */

static const char text[] =
    "\n"
    "Hello from Docker!\n"
    "This message means that your engine can pull an image and run it.\n"
    "\n"
    "What happened just now:\n"
    " 1. The client (the command `docker`) asked the engine to run `hello-world`.\n"
    " 2. The engine had no such image, so it pulled one from a registry.\n"
    " 3. It made a container from the image and started the program in it, which wrote these lines.\n"
    " 4. The engine passed the output on to the client, and the client to you.\n"
    "\n"
    "The program has ended now, and its container with it: `docker ps -a` still lists it.\n"
    "Something bigger to try next: docker run -it debian bash\n"
    "\n";

#if defined(__x86_64__)
static long call(long number, long first, long second, long third) {
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(first), "S"(second), "d"(third)
                     : "rcx", "r11", "memory");
    return result;
}
enum { WRITE = 1, EXIT = 60 };
#elif defined(__aarch64__)
static long call(long number, long first, long second, long third) {
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = first;
    register long x1 __asm__("x1") = second;
    register long x2 __asm__("x2") = third;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
    return x0;
}
enum { WRITE = 64, EXIT = 93 };
#else
#error "hello-world knows amd64 and arm64"
#endif

void _start(void) {
    call(WRITE, 1, (long)text, sizeof text - 1);
    call(EXIT, 0, 0, 0);
}
