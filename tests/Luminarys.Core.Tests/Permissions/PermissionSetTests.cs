using Luminarys.Permissions;

namespace Luminarys.Core.Tests.Permissions;

public sealed class PermissionSetTests
{
    [Fact]
    public void None_EveryCapability_IsDenied()
    {
        Assert.Empty(PermissionSet.None.Directories);
        Assert.Null(PermissionSet.None.Http);
        Assert.Null(PermissionSet.None.Tcp);
        Assert.Null(PermissionSet.None.Shell);
        Assert.Null(PermissionSet.None.FileTransfer);
        Assert.Empty(PermissionSet.None.Environment);
    }

    /// <summary>A capability that this test does not know has no place in it yet: add the assertion with the capability.</summary>
    [Fact]
    public void None_ListOfCapabilities_IsComplete() => Assert.Equal(
        ["Directories", "Environment", "FileTransfer", "Http", "Shell", "Tcp"],
        typeof(PermissionSet).GetProperties().Where(property => property.CanWrite).Select(property => property.Name).Order());

    [Fact]
    public void InvokePolicyNone_BothLists_AreEmpty()
    {
        Assert.Empty(InvokePolicy.None.CanInvoke);
        Assert.Empty(InvokePolicy.None.CanBeInvokedBy);
    }
}
