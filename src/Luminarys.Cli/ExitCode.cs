namespace Luminarys.Cli;

/// <summary>Exit codes of the tool.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The configuration is not usable; the output says where.</summary>
    public const int Configuration = 1;

    /// <summary>The node could not start, or had to stop.</summary>
    public const int Runtime = 2;

    /// <summary><c>explain</c>: the manifest does not allow it.</summary>
    public const int Denied = 1;

    /// <summary><c>explain</c>: the question, the manifest or the configuration is not usable.</summary>
    public const int Usage = 2;

    /// <summary><c>cp</c>, <c>transfers</c>: it was refused, or failed.</summary>
    public const int TransferFailed = 3;

    /// <summary><c>cp</c>: nobody says how it ended; the copy may yet arrive.</summary>
    public const int OutcomeUnknown = 4;

    /// <summary><c>cp</c>: given up before its end, by Ctrl-C or by <c>transfers cancel</c>; the same command takes it up again.</summary>
    public const int Cancelled = 130;

    /// <summary>EX_CONFIG of sysexits.h: another living process has this node id, or the cluster has another master. A restart does not help.</summary>
    public const int Identity = 78;
}
