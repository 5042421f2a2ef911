using Luminarys.Cluster.Messaging;
using Luminarys.Invocations;

namespace Luminarys.Cluster.Tests.Messaging;

public sealed class StateDirectoryTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), "luminarys-" + Path.GetRandomFileName());

    public void Dispose()
    {
        if (Directory.Exists(_path))
        {
            Directory.Delete(_path, recursive: true);
        }
    }

    [Fact]
    public void WriteNumber_IsReadByTheNextProcess_OfTheSameNodeOnly()
    {
        var state = new StateDirectory(_path, new("a"));
        Assert.Null(state.Prepare());

        state.WriteNumber("epoch", 41);
        state.WriteNumber("epoch", 42);

        Assert.Equal(42UL, new StateDirectory(_path, new("a")).ReadNumber("epoch"));
        Assert.Equal(0UL, new StateDirectory(_path, new("b")).ReadNumber("epoch"));
        Assert.Equal(["a.epoch"], Directory.GetFiles(_path).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("ten")]
    [InlineData("99999999999999999999999")]
    public void ReadNumber_FileHoldsNone_IsZero(string text)
    {
        var state = new StateDirectory(_path, new("a"));
        Assert.Null(state.Prepare());
        File.WriteAllText(Path.Combine(_path, "a.epoch"), text);

        Assert.Equal(0UL, state.ReadNumber("epoch"));
    }

    [Fact]
    public void Prepare_NoDirectory_NamesItAndWhatToDo()
    {
        File.WriteAllText(_path, "a file");
        try
        {
            var fault = new StateDirectory(_path, new("a")).Prepare();

            Assert.Equal(InvocationError.Internal, fault?.Error);
            Assert.Contains(_path, fault?.Message);
        }
        finally
        {
            File.Delete(_path);
        }
    }

    [Fact]
    public void WithoutPath_KeepsNothing()
    {
        var state = new StateDirectory(null, new("a"));
        Assert.Null(state.Prepare());

        state.WriteNumber("epoch", 42);

        Assert.Equal(0UL, state.ReadNumber("epoch"));
    }
}
