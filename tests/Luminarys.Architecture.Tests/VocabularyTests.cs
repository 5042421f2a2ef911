using Luminarys.Architecture.Tests.Examples;
using Luminarys.Architecture.Tests.Rules;

namespace Luminarys.Architecture.Tests;

public sealed class VocabularyTests
{
    private static readonly LogEvent[] s_events =
        [.. Repository.SourceAssemblies.SelectMany(pair => VocabularyRules.LogEvents(pair.Key, pair.Value.GetTypes()))];

    private static readonly LogEvent[] s_examples =
        [.. VocabularyRules.LogEvents("Luminarys.Cluster", [typeof(VocabularyExamples), typeof(VocabularyExamples.Log)])];

    [Fact]
    public void Tree_TypeNames_SaySomething() =>
        Verdict.Holds(VocabularyRules.EmptyNames(Repository.SourceAssemblies.Values.SelectMany(assembly => assembly.GetTypes())));

    [Theory]
    [InlineData(typeof(VocabularyExamples.NodeManager), "ends in Manager")]
    [InlineData(typeof(VocabularyExamples.PathHelper), "ends in Helper")]
    [InlineData(typeof(VocabularyExamples.TextUtil), "ends in Util")]
    [InlineData(typeof(VocabularyExamples.TextUtils), "ends in Utils")]
    [InlineData(typeof(VocabularyExamples.CallProcessor), "ends in Processor")]
    [InlineData(typeof(VocabularyExamples.BusImpl), "ends in Impl")]
    [InlineData(typeof(VocabularyExamples.GenericManager<>), "ends in Manager")]
    public void EmptyNames_Example_IsCaught(Type example, string violation) => Verdict.Catches(VocabularyRules.EmptyNames([example]), violation);

    [Theory]
    [InlineData(typeof(VocabularyExamples.Implementation))]
    [InlineData(typeof(VocabularyExamples.ManagerOfNothing))]
    public void EmptyNames_InnocentExample_IsNotCaught(Type example) => Verdict.Holds(VocabularyRules.EmptyNames([example]));

    [Fact]
    public void Tree_EventIds_AreUnique() => Verdict.Holds(VocabularyRules.SharedEventIds(s_events));

    [Fact]
    public void SharedEventIds_Example_IsCaught()
    {
        Assert.Equal(4, s_examples.Length);
        Verdict.Catches(VocabularyRules.SharedEventIds(s_examples), "Event id 1001 is used by Luminarys.Cluster StoodOutsideLog and Luminarys.Cluster TookANumberTwice");
    }

    [Fact]
    public void SharedEventIds_OtherProject_IsCaught() => Verdict.Catches(
        VocabularyRules.SharedEventIds([new("Luminarys.Mcp", "Log", "One", 4000), new("Luminarys.Cluster", "Log", "Two", 4000)]), "Event id 4000");

    [Fact]
    public void Tree_EventIds_AreInTheRangeOfTheirProject() => Verdict.Holds(VocabularyRules.EventIdsOutOfRange(s_events));

    [Fact]
    public void EventIdsOutOfRange_Example_IsCaught() =>
        Verdict.Catches(VocabularyRules.EventIdsOutOfRange(s_examples), "LeftItsRange has event id 2000, which is not in 1000 to 1999");

    [Theory]
    [InlineData("Luminarys.Transport.Nats", 2000, false)]
    [InlineData("Luminarys.Transport.Tcp", 2999, false)]
    [InlineData("Luminarys.Runtime.Wasm", 3001, false)]
    [InlineData("Luminarys.Hosting", 6999, false)]
    [InlineData("Luminarys.Hosting", 7000, true)]
    [InlineData("Luminarys.Manifests", 4999, true)]
    [InlineData("Luminarys.Mcp", 0, true)]
    [InlineData("Luminarys.Core", 1000, true)]
    public void EventIdsOutOfRange_EachProject_HasItsThousand(string project, int id, bool caught) =>
        Assert.Equal(caught, VocabularyRules.EventIdsOutOfRange([new(project, "Log", "Something", id)]).Any());

    [Fact]
    public void Tree_LogMessages_AreInLog()
    {
        Verdict.Holds(VocabularyRules.EventsOutsideLog(s_events));
        Verdict.Holds(VocabularyRules.LogFiles(Repository.SourceFiles));
    }

    [Fact]
    public void EventsOutsideLog_Example_IsCaught() =>
        Verdict.Catches(VocabularyRules.EventsOutsideLog(s_examples), "VocabularyExamples.StoodOutsideLog belongs in Log.cs");

    [Fact]
    public void LogFiles_SecondListAndStrayMessage_AreCaught() => Verdict.Catches(
        VocabularyRules.LogFiles(
        [
            new("src/Luminarys.Mcp/Log.cs", "[LoggerMessage(EventId = 4000)]"),
            new("src/Luminarys.Mcp/Tools/Log.cs", ""),
            new("src/Luminarys.Mcp/Tools/ToolCatalog.cs", "[LoggerMessage(EventId = 4001)]"),
        ]),
        "src/Luminarys.Mcp/Tools/Log.cs",
        "src/Luminarys.Mcp/Tools/ToolCatalog.cs");

    [Fact]
    public void Tree_Logging_IsSourceGenerated() => Verdict.Holds(VocabularyRules.DirectLogCalls(Repository.SourceFiles));

    [Theory]
    [InlineData("""_logger.LogInformation("Started.");""", true)]
    [InlineData("""_logger?.LogError(exception, "Failed.");""", true)]
    [InlineData("""logger.Log(LogLevel.Debug, "Value.");""", true)]
    [InlineData("""logger.Log<State>(LogLevel.Debug, id, state, null, format);""", true)]
    [InlineData("""            .LogWarning("Odd.");""", true)]
    [InlineData("""Log.Started(logger);""", false)]
    [InlineData("""logger.LogicalClock();""", false)]
    [InlineData("""var bits = Math.Log(value);""", false)]
    [InlineData("""// never call logger.LogInformation("...")""", false)]
    public void DirectLogCalls_Example_IsJudged(string line, bool caught) =>
        Assert.Equal(caught, VocabularyRules.DirectLogCalls([new SourceFile("src/A/B.cs", line)]).Any());

    [Theory]
    [InlineData("public void Log<TState>(LogLevel level, EventId eventId, TState state)", "inner.Log(LogLevel.Debug, eventId, state, exception, formatter);", false)]
    [InlineData("public void Log<TState>(LogLevel level, EventId eventId, TState state)", "inner.LogError(exception, text);", true)]
    [InlineData("public void Take<TState>(LogLevel level, EventId eventId, TState state)", "inner.Log(level, eventId, state, exception, formatter);", true)]
    public void DirectLogCalls_PassedOnByALogger_AreItsJob(string method, string line, bool caught) =>
        Assert.Equal(caught, VocabularyRules.DirectLogCalls([new SourceFile("src/A/B.cs", method + "\n" + line)]).Any());
}
