namespace Luminarys.Cluster.Tests.Support;

/// <summary>Key files of nodes, and their fingerprints.</summary>
internal sealed class KeyRing : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly Dictionary<string, string> _fingerprints = [];

    public string File(string node)
    {
        var file = Path.Combine(_folder.Path, node + ".pem");
        if (!_fingerprints.ContainsKey(node))
        {
            using var key = NodeKey.Create();
            Assert.Null(key.TrySave(file));
            _fingerprints[node] = key.Fingerprint;
        }

        return file;
    }

    public string Fingerprint(string node)
    {
        File(node);
        return _fingerprints[node];
    }

    public void Apply(MasterOptions options, params string[] trusted)
    {
        options.NodeKeyFile = File(options.NodeId);
        foreach (var node in trusted)
        {
            options.TrustedNodes[node] = Fingerprint(node);
        }
    }

    public void Apply(SlaveOptions options, params string[] trusted)
    {
        options.NodeKeyFile = File(options.NodeId);
        foreach (var node in trusted)
        {
            options.TrustedNodes[node] = Fingerprint(node);
        }
    }

    public void Dispose() => _folder.Dispose();
}
