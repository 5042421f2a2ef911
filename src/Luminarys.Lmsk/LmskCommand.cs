using System.CommandLine;
using System.CommandLine.Help;

namespace Luminarys.Lmsk;

/// <summary>The command line of <c>lmsk</c>. Options have one dash, as in the published documentation, or two.</summary>
internal static class LmskCommand
{
    public const int Ok = 0;
    public const int Failed = 1;

    public static RootCommand Build(TextWriter output, TextWriter errors)
    {
        var command = new RootCommand("Generates, signs and inspects Luminarys skills.");
        command.Options.Clear();
        command.Add(new VersionOption("-version", "--version"));
        command.Add(new HelpOption("-help", "--help", "-h", "-?") { Recursive = true });
        command.Add(GenkeyCommand.Build(output, errors));
        command.Add(GenerateCommand.Build(output, errors));
        command.Add(VerifyCommand.Build(output, errors));
        return command;
    }

    /// <summary>A line that begins with an option of <c>generate</c> means that command: <c>//go:generate lmsk -lang go .</c></summary>
    public static string[] Normalise(string[] args) =>
        args is [{ Length: > 0 } first, ..] && first[0] == '-' && first.TrimStart('-') is "lang" or "out" or "verbose" or "force"
        ? ["generate", .. args]
        : args;
}
