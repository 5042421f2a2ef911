using System.Globalization;
using System.Text;
using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Messaging;

/// <summary>Small files that outlive the process, one set for each node. Every write is on disk when it returns.</summary>
/// <param name="path">The directory; null keeps nothing.</param>
/// <param name="node">The node.</param>
internal sealed class StateDirectory(string? path, NodeId node)
{
    /// <summary>Makes the directory; null when it can be used.</summary>
    public NodeFault? Prepare()
    {
        if (path is null)
        {
            return null;
        }

        try
        {
            Directory.CreateDirectory(path);
            Write("probe", "");
            File.Delete(FileOf("probe"));
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new(InvocationError.Internal, $"state directory '{path}' cannot be used: {exception.Message} Make it writable or choose another one.");
        }
    }

    /// <summary>Reads a number; 0 when there is none.</summary>
    public ulong ReadNumber(string name) =>
        ulong.TryParse(Read(name).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    public void WriteNumber(string name, ulong number) => Write(name, number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Reads a text; empty when there is none.</summary>
    public string Read(string name) => path is not null && File.Exists(FileOf(name)) ? File.ReadAllText(FileOf(name)) : "";

    /// <summary>Replaces a text as a whole: a crash leaves the old one or the new one.</summary>
    public void Write(string name, string text)
    {
        if (path is null)
        {
            return;
        }

        var draft = FileOf(name) + ".new";
        using (var stream = new FileStream(draft, FileMode.Create, FileAccess.Write))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, FileOf(name), overwrite: true);
    }

    private string FileOf(string name) => Path.Combine(path!, $"{node}.{name}");
}
