using Luminarys.Permissions;
using Luminarys.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace Luminarys.Files.Tests;

public sealed class FileAccessServiceCollectionExtensionsTests
{
    [Fact]
    public void AddFileAccess_Twice_RegistersOneThatWorks()
    {
        using var tree = new GrantedTree();
        tree.Write("inside/a.txt", "content");
        using var services = new ServiceCollection().AddFileAccess(o => o.IsDurable = false).AddFileAccess(_ => { }).BuildServiceProvider();

        var access = Assert.Single(services.GetServices<IFileAccess>());

        using var files = access.Grant([new DirectoryGrant(tree.Inside, AccessMode.ReadWrite)], tree.Warnings);
        Assert.Equal("content", GrantedTree.TextOf(files.OpenRead($"{tree.Inside}/a.txt")));
        Assert.Empty(tree.Warnings);
    }
}
