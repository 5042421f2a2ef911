using System.Globalization;

namespace RelayThroughput;

/// <summary>One file for a source and a sink: a line on their standard inputs.</summary>
/// <param name="Number">Which of the run; makes keys and tickets of their own.</param>
/// <param name="Length">Bytes of the file.</param>
/// <param name="Path">Where it is, or where it shall be.</param>
/// <param name="Port">Of the sink's socket, the relay or the NATS server; 0 for a sink that is to choose one.</param>
internal sealed record Job(uint Number, long Length, string Path, int Port)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number} {Length} {Port} {Path}");

    public static Job Parse(string line)
    {
        var parts = line.Split(' ', 4);
        return new(
            uint.Parse(parts[0], CultureInfo.InvariantCulture),
            long.Parse(parts[1], CultureInfo.InvariantCulture),
            parts[3],
            int.Parse(parts[2], CultureInfo.InvariantCulture));
    }
}
