#include "document/child.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "document/deadline.hpp"

namespace assay::document {

namespace {

using base::ErrorKind;
constexpr std::size_t complaints_max = 4096;

struct Pipe {
    File ours;
    File theirs;
};

// Sockets rather than pipes: writing to one whose reader is gone need not raise a signal.
base::Result<Pipe> make_pipe() {
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        return system_error("socketpair");
    }
    Pipe out{File(ends[0]), File(ends[1])};
    if (::fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) return system_error("fcntl");
    return out;
}

// Killed and waited for, whatever happens, so that no child outlives the call.
class Child {
  public:
    explicit Child(pid_t id) : id_(id) {}
    Child(const Child&) = delete;
    ~Child() {
        if (id_ <= 0) return;
        ::kill(id_, SIGKILL);
        wait();
    }
    int wait() {
        int status = 0;
        while (::waitpid(id_, &status, 0) < 0 && errno == EINTR) {
        }
        id_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }

  private:
    pid_t id_;
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> out;
    for (auto& text : texts)
        out.push_back(text.data());
    out.push_back(nullptr);
    return out;
}

base::Result<pid_t> spawn(const std::filesystem::path& program, std::vector<std::string> arguments,
                          std::vector<std::string> environment, const std::array<int, 3>& ends) {
    arguments.insert(arguments.begin(), program.string());
    auto argv = pointers(arguments);
    auto envp = pointers(environment);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    for (int i = 0; i < 3; ++i)
        ::posix_spawn_file_actions_adddup2(&actions, ends[static_cast<std::size_t>(i)], i);
    pid_t id = -1;
    const auto failure =
        ::posix_spawn(&id, program.c_str(), &actions, nullptr, argv.data(), envp.data());
    ::posix_spawn_file_actions_destroy(&actions);
    if (failure == 0) return id;
    errno = failure;
    return system_error(program.string());
}

// What there is to read now; false: the end.
bool drain(int descriptor, std::string& into, std::size_t max) {
    std::array<char, 65536> buffer{};
    const auto count = ::read(descriptor, buffer.data(), buffer.size());
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    // One byte more than allowed says that there was more.
    into.append(buffer.data(), std::min(static_cast<std::size_t>(count), max + 1 - into.size()));
    return count > 0;
}

base::Result<void> exchange(Pipe& in, Pipe& out, Pipe& err, std::string_view input,
                            ChildLimits limits, ChildOutput& result) {
    ASSAY_TRY(const auto deadline, Deadline::after(limits.timeout_ms));
    while (out.ours || err.ours) {
        if (in.ours && input.empty()) in.ours.close();
        std::array<pollfd, 3> wanted{pollfd{in.ours.descriptor(), POLLOUT, 0},
                                     pollfd{out.ours.descriptor(), POLLIN, 0},
                                     pollfd{err.ours.descriptor(), POLLIN, 0}};
        if (auto ready = deadline.wait(wanted); !ready) return ready;
        if (wanted[0].revents != 0) {
            const auto count =
                ::send(in.ours.descriptor(), input.data(), input.size(), MSG_NOSIGNAL);
            if (count > 0) input.remove_prefix(static_cast<std::size_t>(count));
            // It reads no more; what it makes of that, it says itself.
            if (count < 0 && errno != EAGAIN && errno != EINTR) in.ours.close();
        }
        if (wanted[1].revents != 0 &&
            !drain(out.ours.descriptor(), result.output, limits.output_max)) {
            out.ours.close();
        }
        if (wanted[2].revents != 0 &&
            !drain(err.ours.descriptor(), result.complaints, complaints_max)) {
            err.ours.close();
        }
        if (result.output.size() > limits.output_max) {
            return base::fail(ErrorKind::limit, "the program writes more than " +
                                                    std::to_string(limits.output_max) + " bytes");
        }
    }
    return {};
}

}  // namespace

base::Result<ChildOutput> run_child(const std::filesystem::path& program,
                                    const std::vector<std::string>& arguments,
                                    const std::vector<std::string>& environment,
                                    std::string_view input, ChildLimits limits) {
    ASSAY_TRY(auto in, make_pipe());
    ASSAY_TRY(auto out, make_pipe());
    ASSAY_TRY(auto err, make_pipe());
    ASSAY_TRY(const auto id,
              spawn(program, arguments, environment,
                    {in.theirs.descriptor(), out.theirs.descriptor(), err.theirs.descriptor()}));
    Child child(id);
    for (auto* pipe : {&in, &out, &err})
        pipe->theirs.close();
    ChildOutput result;
    if (auto done = exchange(in, out, err, input, limits, result); !done) {
        return base::fail(done.error().kind, program.string() + ": " + done.error().detail);
    }
    result.status = child.wait();
    result.complaints.resize(std::min(result.complaints.size(), complaints_max));
    return result;
}

}  // namespace assay::document
