using Luminarys.Cluster.Transfers;
using Microsoft.Extensions.Options;

namespace Luminarys.Cluster;

/// <summary>Finds everything that is wrong with an operator's options.</summary>
internal sealed class OperatorOptionsValidator : IValidateOptions<OperatorOptions>
{
    public ValidateOptionsResult Validate(string? name, OperatorOptions options)
    {
        var problems = new List<string>();
        OptionRules.CheckCluster(problems, options.ClusterId);
        OptionRules.CheckName(problems, options.Name);
        OptionRules.CheckKeys(problems, options.KeyFile, options.TrustedNodes);
        if (!Operators.Is(options.Name))
        {
            problems.Add($"Name '{options.Name}' must begin with '{OperatorOptions.Prefix}'.");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
