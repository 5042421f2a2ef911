using System.Buffers;
using MessagePack;

namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>Answer of <c>shell_exec</c>.</summary>
/// <param name="Output">Both streams in the order of arrival; valid text.</param>
/// <param name="ExitCode">The program's code; 128 and the signal's number when a signal ended it.</param>
/// <param name="Pid">Process of a daemon; 0 for none.</param>
/// <param name="LogFile">Where a daemon's output goes; empty for none.</param>
internal sealed record ShellAnswer(string Output, int ExitCode, int Pid = 0, string LogFile = "")
{
    public void Write(IBufferWriter<byte> buffer)
    {
        var writer = new MessagePackWriter(buffer);
        writer.WriteMapHeader(Pid > 0 ? 4 : 2);
        writer.WriteString("output"u8);
        writer.Write(Output);
        writer.WriteString("exit_code"u8);
        writer.Write(ExitCode);
        if (Pid > 0)
        {
            writer.WriteString("pid"u8);
            writer.Write(Pid);
            writer.WriteString("log_file"u8);
            writer.Write(LogFile);
        }

        writer.Flush();
    }
}
