using System.CommandLine;

namespace Luminarys.Lmsk;

/// <summary><c>lmsk trust</c>: the folder that says whose packages a host runs.</summary>
internal static class TrustCommand
{
    public static Command Build(TextWriter output, TextWriter errors)
    {
        var command = new Command("trust", "Say whose packages a host runs.");
        command.Add(TrustAddCommand.Build(output, errors));
        command.Add(TrustListCommand.Build(output, errors));
        command.Add(TrustRevokeCommand.Build(output, errors));
        command.Add(TrustDelegateCommand.Build(output, errors));
        return command;
    }
}
