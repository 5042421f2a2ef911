using System.Globalization;
using CsCheck;
using Luminarys.Permissions;
using Luminarys.Ports;
using Xunit.Sdk;

namespace Luminarys.Files.Tests.Model;

/// <summary>Random grants, random trees with links, random acts: what happens is what the slow model says.</summary>
public sealed class ModelTests
{
    private const UnixFileMode Changed = (UnixFileMode)0x1C0;

    // Grants name directories only, links have names of their own: where a grant itself is a link is tested by hand.
    private static readonly Gen<string> s_name = OneOf("a", "b", "c");
    private static readonly Gen<string> s_anyName = OneOf("a", "b", "c", "f", "l", "m");

    private static readonly Gen<ModelGrant> s_grant = Gen.Select(
        Gen.Frequency((5, s_name), (1, Gen.Const("*")), (1, Gen.Const("**"))).Array[1, 3],
        Gen.Bool,
        (segments, writes) => new ModelGrant(WithoutTrailingStars(segments), writes ? AccessMode.ReadWrite : AccessMode.ReadOnly));

    // Half of the time everything is writable around the others.
    private static readonly Gen<ModelGrant[]> s_grants = Gen.Select(
        Gen.Bool, s_grant.Array[1, 4], (isAround, grants) => isAround ? [new([], AccessMode.ReadWrite), .. grants] : grants);

    private static readonly Gen<(string Path, string Target)[]> s_tree = Gen.Select(
        s_name.Array[1, 3],
        OneOf("f", "l", "m"),
        OneOf("a", "..", "../..", "../a", "../b/f", "../../c/b", "../m", "f", "none", "/etc", "OUT", "ROOT/a", "../../../.."),
        (path, name, target) => (Path: string.Join('/', path) + "/" + name, Target: name == "f" ? "" : target)).Array[1, 12];

    private static readonly Gen<(string Act, string Path)[]> s_acts = Gen.Select(
        OneOf("read", "stat", "list", "walk", "write", "append", "new", "mkdir", "delete", "chmod", "tree"),
        s_anyName.Array[1, 5],
        (act, path) => (Act: act, Path: string.Join('/', path))).Array[4, 16];

    private static int Cases => int.TryParse(Environment.GetEnvironmentVariable("LUMINARYS_PROPERTY_CASES"), CultureInfo.InvariantCulture, out var cases)
        ? cases : 100;

    [Fact]
    public void S1_S2_RandomActs_DoWhatTheModelSaysAndChangeNothingElse() =>
        Sample(Cases, (grants, tree, acts) => Play(FileDefences.All, grants, tree, acts));

    [Fact]
    public void S2_RandomActs_WithoutTheWall_DoMoreThanTheModelSays()
    {
        var defences = FileDefences.All with { NestedReadOnly = false };
        var isFound = false;
        ModelGrant[] nested = [new([], AccessMode.ReadWrite), new(["a"], AccessMode.ReadOnly)];
        Sample(Cases, (_, tree, acts) =>
        {
            try
            {
                if (!Volatile.Read(ref isFound))
                {
                    Play(defences, nested, [("a/f", ""), ("l", "a"), ("m", "a"), .. tree], acts);
                }
            }
            catch (XunitException)
            {
                Volatile.Write(ref isFound, true);
            }
        });

        Assert.True(isFound, "No act did more: the model would not see a missing wall.");
    }

    private static void Sample(int cases, Action<ModelGrant[], (string Path, string Target)[], (string Act, string Path)[]> play) =>
        Gen.Select(s_grants, s_tree, s_acts).Sample(
            play,
            iter: cases,
            print: drawn => $"{string.Join(' ', (object[])drawn.Item1)}\n{string.Join('\n', drawn.Item2)}\n{string.Join('\n', drawn.Item3)}");

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    // A grant reaches everything below its directory anyway.
    private static string[] WithoutTrailingStars(string[] segments) => [.. segments.Reverse().SkipWhile(segment => segment == "**").Reverse()];

    private static void Play(
        FileDefences defences, ModelGrant[] grants, (string Path, string Target)[] entries, (string Act, string Path)[] acts)
    {
        using var tree = new GrantedTree { Defences = defences };
        Build(tree, entries);
        var placed = grants.Select(grant => grant with { Segments = [.. tree.Inside.Split('/')[1..], .. grant.Segments] }).ToList();
        var model = new ModelFiles(placed);
        using var files = tree.Access().Grant([.. placed.Select(grant => new DirectoryGrant(grant.Pattern, grant.Mode))], tree.Warnings);
        foreach (var (act, path) in acts)
        {
            var full = $"{tree.Inside}/{path}";
            var before = TreeImage.Take(tree.Root);
            var (isRead, expected) = Expect(model, act, full);
            var actual = Do(files, act, full);
            if (isRead || expected == FileError.Denied)
            {
                Assert.True(expected == actual, $"{act} {path}: expected {expected}, was {actual}");
            }

            var changes = TreeImage.Take(tree.Root).DifferencesTo(before);
            Assert.True(actual is null && !isRead || changes.Count == 0 || act is "delete" or "chmod" or "tree", $"{act} {path} changed {string.Join(' ', changes)}");
            Assert.All(changes, change => Assert.True(model.ModeOf(change) == AccessMode.ReadWrite, $"{act} {path} changed {change}"));
        }
    }

    // For reads the exact answer; for changes whether the text of the path, or where it leads, forbids them.
    private static (bool IsRead, FileError? Error) Expect(ModelFiles model, string act, string path)
    {
        var isRead = act is "read" or "stat" or "list" or "walk";
        var (real, error) = model.Resolve(path, isRead ? AccessMode.ReadOnly : AccessMode.ReadWrite);
        if (!isRead)
        {
            var isForbidden = model.ModeOf(path) != AccessMode.ReadWrite || (error == FileError.Denied && act is "write" or "append" or "chmod" or "tree");
            return (false, isForbidden ? FileError.Denied : null);
        }

        return (true, error ?? (act, Directory.Exists(real)) switch
        {
            ("read", true) => FileError.IsDirectory,
            ("list" or "walk", false) => FileError.NotDirectory,
            _ => null,
        });
    }

    private static FileError? Do(IGrantedFiles files, string act, string path)
    {
        switch (act)
        {
            case "read":
                var opened = files.OpenRead(path);
                opened.Value?.Dispose();
                return opened.Fault?.Error;
            case "stat":
                return files.Stat(path).Fault?.Error;
            case "list":
                return files.List(path, default).Fault?.Error;
            case "walk":
                var walk = files.Walk(path, new WalkOptions(), default);
                _ = walk.Value?.Count();
                return walk.Fault?.Error;
            case "write":
                return GrantedTree.Put(files, path, "written")?.Error;
            case "append":
                return GrantedTree.Put(files, path, "+", FileCreation.Append)?.Error;
            case "new":
                return GrantedTree.Put(files, path, "new", FileCreation.CreateNew)?.Error;
            case "mkdir":
                return files.CreateDirectory(path)?.Error;
            case "delete":
                return files.Delete(path, default)?.Error;
            case "chmod":
                return files.SetMode(path, Changed, recursive: true, default)?.Error;
            default:
                var begun = files.CreateTree(path);
                using (begun.Value)
                {
                    begun.Value?.CreateFile("a/f", Changed).Value?.Dispose();
                    begun.Value?.CreateFile("b/c/f", Changed).Value?.Dispose();
                    begun.Value?.CreateFile("l", Changed).Value?.Dispose();
                    return begun.Fault?.Error ?? begun.Value?.Commit(default)?.Error;
                }
        }
    }

    private static void Build(GrantedTree tree, (string Path, string Target)[] entries)
    {
        foreach (var (path, target) in entries)
        {
            var full = $"{tree.Inside}/{path}";
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            if (Path.Exists(full) || new FileInfo(full).LinkTarget is not null)
            {
                continue;
            }

            if (target.Length == 0)
            {
                File.WriteAllText(full, "content");
            }
            else
            {
                File.CreateSymbolicLink(full, target.Replace("OUT", tree.Outside, StringComparison.Ordinal).Replace("ROOT", tree.Inside, StringComparison.Ordinal));
            }
        }
    }
}
