using Luminarys.Ports;

namespace Luminarys.Files.Tests.Races;

/// <summary>Each act of the port, on the directory that moves.</summary>
internal static class GuardedActs
{
    private const UnixFileMode Everything = (UnixFileMode)0x1FF;

    public static RaceAct Of(string name) => name switch
    {
        "read" => Read,
        "write" => Write,
        "list" => List,
        "delete" => Delete,
        "mkdir" => Mkdir,
        "chmod" => Chmod,
        "walk" => Walk,
        "create-tree" => CreateTree,
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static RaceOutcome Read(RaceGround ground)
    {
        var opened = ground.Files.OpenRead($"{ground.Target}/secret.txt");
        if ((opened.IsSuccess && GrantedTree.TextOf(opened) == GrantedTree.Secret)
            || ground.Files.Stat($"{ground.Target}/{RaceGround.OnlyOutside}").IsSuccess)
        {
            return RaceOutcome.Leaked;
        }

        return opened.IsSuccess ? RaceOutcome.Done : RaceOutcome.Refused;
    }

    private static RaceOutcome Write(RaceGround ground) =>
        OutcomeOf(
            GrantedTree.Put(ground.Files, $"{ground.Target}/secret.txt", "changed"),
            GrantedTree.Put(ground.Files, $"{ground.Target}/victim/deep/new.txt", "changed"),
            GrantedTree.Put(ground.Files, $"{ground.Target}/secret.txt", "+", FileCreation.Append),
            GrantedTree.Put(ground.Files, $"{ground.Target}/appended.txt", "+", FileCreation.Append));

    private static RaceOutcome List(RaceGround ground)
    {
        var listed = ground.Files.List(ground.Target, default);
        return listed.IsSuccess ? OutcomeOf(listed.Value.Any(entry => entry.Name == RaceGround.OnlyOutside)) : RaceOutcome.Refused;
    }

    private static RaceOutcome Delete(RaceGround ground)
    {
        _ = GrantedTree.Put(ground.Files, $"{ground.Target}/victim/keep.txt", "again");
        return OutcomeOf(ground.Files.Delete($"{ground.Target}/victim", default));
    }

    private static RaceOutcome Mkdir(RaceGround ground)
    {
        var outcome = OutcomeOf(ground.Files.CreateDirectory($"{ground.Target}/made/deep"));
        _ = ground.Files.Delete($"{ground.Target}/made", default);
        return outcome;
    }

    private static RaceOutcome Chmod(RaceGround ground) =>
        OutcomeOf(
            ground.Files.SetMode($"{ground.Target}/secret.txt", Everything, recursive: false, default),
            ground.Files.SetMode(ground.Target, Everything, recursive: true, default));

    private static RaceOutcome Walk(RaceGround ground)
    {
        var walk = ground.Files.Walk(ground.Target, new WalkOptions(), default);
        if (!walk.IsSuccess)
        {
            return RaceOutcome.Refused;
        }

        foreach (var entry in walk.Value)
        {
            if (entry.Entry.Name == RaceGround.OnlyOutside)
            {
                return RaceOutcome.Leaked;
            }

            var opened = entry.Open();
            if (opened.IsSuccess && GrantedTree.TextOf(opened) == GrantedTree.Secret)
            {
                return RaceOutcome.Leaked;
            }
        }

        return RaceOutcome.Done;
    }

    private static RaceOutcome CreateTree(RaceGround ground)
    {
        var begun = ground.Files.CreateTree(ground.Target);
        if (!begun.IsSuccess)
        {
            return RaceOutcome.Refused;
        }

        using var tree = begun.Value;
        foreach (var name in (string[])["secret.txt", "victim/keep.txt", "b/new.txt"])
        {
            var made = tree.CreateFile(name, Everything);
            made.Value?.Dispose();
            if (!made.IsSuccess)
            {
                return RaceOutcome.Refused;
            }
        }

        return OutcomeOf(tree.Commit(default));
    }

    private static RaceOutcome OutcomeOf(bool leaked) => leaked ? RaceOutcome.Leaked : RaceOutcome.Done;

    private static RaceOutcome OutcomeOf(params ReadOnlySpan<FileFault?> faults)
    {
        foreach (var fault in faults)
        {
            if (fault is null)
            {
                return RaceOutcome.Done;
            }
        }

        return RaceOutcome.Refused;
    }
}
