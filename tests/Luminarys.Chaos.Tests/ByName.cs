using Xunit.Sdk;
using Xunit.v3;

namespace Luminarys.Chaos;

/// <summary>Tests that share a cluster run in the order of their names: what takes long in the background is asked for last.</summary>
public sealed class ByName : ITestCaseOrderer
{
    public IReadOnlyCollection<TTestCase> OrderTestCases<TTestCase>(IReadOnlyCollection<TTestCase> testCases)
        where TTestCase : notnull, ITestCase =>
        [.. testCases.OrderBy(testCase => testCase.TestCaseDisplayName, StringComparer.Ordinal)];
}
