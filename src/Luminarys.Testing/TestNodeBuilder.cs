using Luminarys.Manifests;
using Luminarys.Permissions;
using Luminarys.Skills;

namespace Luminarys.Testing;

/// <summary>Says which skills a node of a <see cref="LuminarysTestCluster"/> has: scripts or packages, not both. Not thread-safe.</summary>
public sealed class TestNodeBuilder
{
    private readonly Dictionary<string, Action<ScriptedSkill>> _scripts = new(StringComparer.Ordinal);
    private readonly List<Manifest> _manifests = [];

    internal TestNodeBuilder()
    {
    }

    internal IReadOnlyList<Manifest> Manifests => _manifests;

    internal List<DirectoryGrant> Shared { get; } = [];

    internal bool HasPackages => _manifests.Count > _scripts.Count;

    /// <summary>Adds a skill made of C# delegates. The script is run at every start of the node.</summary>
    /// <exception cref="FormatException">The id is not a skill id.</exception>
    /// <exception cref="InvalidOperationException">The node has packages, or a skill of this id.</exception>
    public TestNodeBuilder AddSkill(string id, Action<ScriptedSkill> script)
    {
        ArgumentNullException.ThrowIfNull(script);
        Check(id, HasPackages);
        _scripts.Add(id, script);
        _manifests.Add(new(new SkillId(id), "", $"/scripted/{id}"));
        return this;
    }

    /// <summary>Adds a package or bare module, with no permissions.</summary>
    /// <exception cref="FormatException">The id is not a skill id.</exception>
    /// <exception cref="InvalidOperationException">The node has scripts, or a skill of this id.</exception>
    public TestNodeBuilder AddPackage(string id, string path) => AddPackage(new Manifest(new SkillId(id), "", Path.GetFullPath(path)));

    /// <summary>Adds a package or bare module as its manifest says.</summary>
    /// <exception cref="InvalidOperationException">The node has scripts, or a skill of this id.</exception>
    public TestNodeBuilder AddPackage(Manifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        Check(manifest.Id.Value, _scripts.Count > 0);
        _manifests.Add(manifest);
        return this;
    }

    /// <summary>Shares a directory with all other nodes, to read and to write. Files take the bus: a test cluster has no relay.</summary>
    public TestNodeBuilder ShareDirectory(string path)
    {
        Shared.Add(new(Path.GetFullPath(path), AccessMode.ReadWrite));
        return this;
    }

    internal ScriptedRuntime Runtime(TimeProvider time)
    {
        var runtime = new ScriptedRuntime(time);
        foreach (var (id, script) in _scripts)
        {
            runtime.AddSkill(id, script);
        }

        return runtime;
    }

    private void Check(string id, bool hasOthers)
    {
        if (hasOthers || _manifests.Any(manifest => manifest.Id.Value == id))
        {
            throw new InvalidOperationException($"The node has a skill '{id}' already, or both scripts and packages.");
        }
    }
}
