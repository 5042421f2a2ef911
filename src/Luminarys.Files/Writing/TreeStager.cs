using Luminarys.Files.Opening;
using Luminarys.Ports;

namespace Luminarys.Files.Writing;

/// <summary>Begins trees of files.</summary>
internal sealed class TreeStager(Resolver resolver, PlaceFinder places, WritePolicy policy)
{
    private readonly TreeMove _move = new(resolver, policy);

    public FileResult<IStagedTree> Begin(string path)
    {
        var made = places.Make(path);
        if (!made.IsSuccess)
        {
            return made.Fault;
        }

        var destination = made.Value;
        var fault = policy.CheckSpace(destination.Handle, path);
        var staging = fault is null ? StagingDirectory.Begin(destination.Handle, path) : fault;
        if (staging.IsSuccess)
        {
            return new(new StagedTree(resolver, destination, staging.Value, _move, policy, path), null);
        }

        destination.Dispose();
        return staging.Fault;
    }
}
