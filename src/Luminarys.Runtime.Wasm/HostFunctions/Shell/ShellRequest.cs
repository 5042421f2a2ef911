namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>Request of <c>shell_exec</c>.</summary>
/// <param name="Command">One command line.</param>
/// <param name="WorkDirectory">Where it runs; empty for the skill's first directory.</param>
/// <param name="TimeoutMs">0 or less for the default.</param>
/// <param name="Tail">Keep that many last lines; 0 or less for all.</param>
/// <param name="Grep">Keep lines that match; empty for all.</param>
/// <param name="IsDaemon">Whether it goes on in the background.</param>
/// <param name="LogFile">Where a daemon's output goes; empty for a new file.</param>
internal sealed record ShellRequest(
    string Command = "", string WorkDirectory = "", long TimeoutMs = 0, long Tail = 0, string Grep = "", bool IsDaemon = false, string LogFile = "")
{
    public static ShellRequest Read(ReadOnlyMemory<byte> message)
    {
        var request = new ShellRequest();
        var reader = new FieldReader(message);
        while (reader.TryNext(out var key))
        {
            switch (key)
            {
                case "command":
                    request = request with { Command = reader.Text() };
                    break;
                case "workdir":
                    request = request with { WorkDirectory = reader.Text() };
                    break;
                case "timeout_ms":
                    request = request with { TimeoutMs = reader.Integer() };
                    break;
                case "tail":
                    request = request with { Tail = reader.Integer() };
                    break;
                case "grep":
                    request = request with { Grep = reader.Text() };
                    break;
                case "as_daemon":
                    request = request with { IsDaemon = reader.Flag() };
                    break;
                case "log_file":
                    request = request with { LogFile = reader.Text() };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return request;
    }
}
