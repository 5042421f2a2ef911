using System.Globalization;

namespace RelayThroughput;

/// <summary>What a process has used, as the kernel counts it.</summary>
/// <param name="Seconds">Processor time.</param>
/// <param name="Resident">Bytes in memory now.</param>
/// <param name="Peak">Most bytes in memory so far.</param>
internal readonly record struct Usage(double Seconds, long Resident, long Peak)
{
    private const double TicksPerSecond = 100;

    public static Usage Of(int process)
    {
        var status = File.ReadAllLines($"/proc/{process}/status");
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return new(ticks / TicksPerSecond, Read(status, "VmRSS:"), Read(status, "VmHWM:"));
    }

    private static long Read(string[] status, string key) =>
        long.Parse(status.First(line => line.StartsWith(key, StringComparison.Ordinal))[key.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024;
}
