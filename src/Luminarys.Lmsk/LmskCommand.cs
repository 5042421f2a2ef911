using System.CommandLine;
using System.CommandLine.Help;
using Luminarys.Lmsk.Running;
using Luminarys.Lmsk.Scaffolding;
using Luminarys.Lmsk.Watching;

namespace Luminarys.Lmsk;

/// <summary>The command line of <c>lmsk</c>. Options have one dash, as in the published documentation, or two.</summary>
internal static class LmskCommand
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>What was asked for is wrong or refused; the output says where, why and what to do.</summary>
    public const int Failed = 1;

    /// <summary>The command line itself cannot be read.</summary>
    public const int Usage = 2;

    public static RootCommand Build(TextWriter output, TextWriter errors)
    {
        var command = new RootCommand("Makes, runs, signs and inspects Luminarys skills.");
        command.Options.Clear();
        command.Add(new VersionOption("-version", "--version"));
        command.Add(new HelpOption("-help", "--help", "-h", "-?") { Recursive = true });
        command.Add(NewCommand.Build(output, errors));
        command.Add(GenkeyCommand.Build(output, errors));
        command.Add(GenerateCommand.Build(output, errors));
        command.Add(SignCommand.Build(output, errors));
        command.Add(VerifyCommand.Build(output, errors));
        command.Add(InfoCommand.Build(output, errors));
        command.Add(RunCommand.Build(output, errors));
        command.Add(WatchCommand.Build(output, errors));
        command.Add(TrustCommand.Build(output, errors));
        return command;
    }

    /// <summary>Runs one command line to its exit code.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        var parsed = Build(output, errors).Parse(Normalise(args));
        var configuration = new InvocationConfiguration { Output = output, Error = errors };
        var code = await parsed.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
        return parsed.Errors.Count > 0 ? Usage : code;
    }

    /// <summary>Says why a command failed.</summary>
    public static int Fail(TextWriter errors, string line)
    {
        errors.WriteLine(line);
        return Failed;
    }

    /// <summary>A line that begins with an option of <c>generate</c> means that command: <c>//go:generate lmsk -lang go .</c></summary>
    public static string[] Normalise(string[] args) =>
        args is [{ Length: > 0 } first, ..] && first[0] == '-' && first.TrimStart('-') is "lang" or "out" or "verbose" or "force"
        ? ["generate", .. args]
        : args;
}
