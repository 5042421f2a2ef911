using Luminarys.Invocations;
using Luminarys.Manifests;
using Luminarys.Nodes;
using Luminarys.Skills;
using Luminarys.Transfers;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster;

internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Debug, "Dropped a message on {Subject}: {Reason}")]
    public static partial void MessageDropped(ILogger logger, string subject, string reason);

    [LoggerMessage(1002, LogLevel.Error, "An event of the node's own loop failed")]
    public static partial void EventFailed(ILogger logger, Exception exception);

    [LoggerMessage(1003, LogLevel.Error, "{Problem}")]
    public static partial void ManifestProblem(ILogger logger, ConfigurationProblem problem);

    [LoggerMessage(1004, LogLevel.Warning, "{Problem}")]
    public static partial void ManifestWarning(ILogger logger, ConfigurationProblem problem);

    [LoggerMessage(1005, LogLevel.Information, "Deployed skill {Skill} with {MethodCount} methods")]
    public static partial void SkillDeployed(ILogger logger, SkillId skill, int methodCount);

    [LoggerMessage(1006, LogLevel.Error, "Left out the skill of {Source}: {Reason}")]
    public static partial void SkillNotDeployed(ILogger logger, string source, string reason);

    [LoggerMessage(1007, LogLevel.Warning, "Skill {Skill}: {Warning}")]
    public static partial void SkillWarned(ILogger logger, SkillId skill, string warning);

    [LoggerMessage(1010, LogLevel.Information, "Master {Node} took office in cluster {Cluster} with epoch {Epoch} and {SkillCount} skills of its own")]
    public static partial void MasterStarted(ILogger logger, NodeId node, ClusterId cluster, ulong epoch, int skillCount);

    [LoggerMessage(1011, LogLevel.Information, "Node {Node} joined with {SkillCount} skills")]
    public static partial void NodeJoined(ILogger logger, NodeId node, int skillCount);

    [LoggerMessage(1012, LogLevel.Warning, "Node {Node} is gone: {Reason}")]
    public static partial void NodeGone(ILogger logger, NodeId node, string reason);

    [LoggerMessage(1013, LogLevel.Warning, "Security: skill {Skill} of node {Node} stays a replica: {Owner} owns the name with another package")]
    public static partial void SkillShadowed(ILogger logger, SkillId skill, NodeId node, string owner);

    [LoggerMessage(1014, LogLevel.Warning, "Refused {Type} of node {Node}: {Code}")]
    public static partial void RequestRefused(ILogger logger, string type, NodeId node, InvocationError code);

    [LoggerMessage(1015, LogLevel.Warning, "Raised the epoch to {Epoch}: a slave remembered {Highest}")]
    public static partial void EpochRaised(ILogger logger, ulong epoch, ulong highest);

    [LoggerMessage(1016, LogLevel.Critical, "Another master, {Node}, holds this cluster with epoch {Epoch}; this one stops")]
    public static partial void MasterConflict(ILogger logger, NodeId node, ulong epoch);

    [LoggerMessage(1017, LogLevel.Warning, "More than half of the nodes fell silent at once; waiting one more interval before believing it")]
    public static partial void MassSilence(ILogger logger);

    [LoggerMessage(1018, LogLevel.Error, "The state directory could not be written; name ownership may not survive a restart")]
    public static partial void StateNotWritten(ILogger logger, Exception exception);

    [LoggerMessage(1019, LogLevel.Information, "Master {Node} stopped")]
    public static partial void MasterStopped(ILogger logger, NodeId node);

    [LoggerMessage(1030, LogLevel.Information, "Slave {Node} connected and looks for the master of cluster {Cluster}")]
    public static partial void SlaveStarted(ILogger logger, NodeId node, ClusterId cluster);

    [LoggerMessage(1031, LogLevel.Information, "Serves the master of epoch {Epoch}")]
    public static partial void SlaveServes(ILogger logger, ulong epoch);

    [LoggerMessage(1032, LogLevel.Warning, "No confirmation by a master; new calls are refused until there is one")]
    public static partial void SlaveOrphaned(ILogger logger);

    [LoggerMessage(1033, LogLevel.Warning, "The master answered {Type} with {Code}: {Text}")]
    public static partial void RequestAnsweredWithError(ILogger logger, string type, InvocationError code, string text);

    [LoggerMessage(1034, LogLevel.Critical, "This node must stop: {Reason}")]
    public static partial void NodeFaulted(ILogger logger, string reason);

    [LoggerMessage(1035, LogLevel.Information, "Slave {Node} stopped")]
    public static partial void SlaveStopped(ILogger logger, NodeId node);

    [LoggerMessage(1036, LogLevel.Warning, "The answer of call {Call} could not be sent: {Code}")]
    public static partial void AnswerNotSent(ILogger logger, CallId call, InvocationError code);

    [LoggerMessage(1037, LogLevel.Error, "The runtime failed in call {Call} of skill {Skill}")]
    public static partial void RuntimeFailed(ILogger logger, CallId call, SkillId skill, Exception exception);

    [LoggerMessage(1038, LogLevel.Warning, "The control queue is full; a message was dropped")]
    public static partial void ControlQueueFull(ILogger logger);

    [LoggerMessage(1039, LogLevel.Warning, "The skill list could not be sent: {Code}")]
    public static partial void RegistrationNotSent(ILogger logger, InvocationError code);

    [LoggerMessage(1040, LogLevel.Warning, "A subscriber of domain events failed")]
    public static partial void EventPublisherFailed(ILogger logger, Exception exception);

    [LoggerMessage(1041, LogLevel.Error, "Sending the answer of call {Call} failed")]
    public static partial void AnswerFailed(ILogger logger, CallId call, Exception exception);

    [LoggerMessage(1042, LogLevel.Warning, "Schedules of skills that left the configuration could not be removed")]
    public static partial void SchedulesKept(ILogger logger, Exception exception);

    [LoggerMessage(1043, LogLevel.Information, "Changed skill {Skill} while it ran: version {Version}, {Methods} methods")]
    public static partial void SkillChanged(ILogger logger, SkillId skill, string version, int methods);

    [LoggerMessage(1044, LogLevel.Error, "Could not change {Source}, so skill {Skill} goes on as it was: {Reason}")]
    public static partial void SkillKept(ILogger logger, string source, SkillId skill, string reason);

    [LoggerMessage(1045, LogLevel.Information, "Removed skill {Skill}, which no manifest names any more")]
    public static partial void SkillLeft(ILogger logger, SkillId skill);

    [LoggerMessage(1046, LogLevel.Error, "Following the manifests failed; it is tried again")]
    public static partial void ReloadFailed(ILogger logger, Exception exception);

    [LoggerMessage(1047, LogLevel.Error, "The runtime failed when it loaded skill {Skill}")]
    public static partial void LoadFailed(ILogger logger, SkillId skill, Exception exception);

    [LoggerMessage(1070, LogLevel.Warning, "Security: node {Node} was denied a call of skill {Skill} in the name of skill {Caller}, which it does not have")]
    public static partial void SkillCallDenied(ILogger logger, NodeId node, SkillId skill, SkillId caller);
    [LoggerMessage(1060, LogLevel.Error, "Carrying an event to other nodes failed")]
    public static partial void EventNotCarried(ILogger logger, Exception exception);

    [LoggerMessage(1061, LogLevel.Error, "A shared value that node {Node} asked for or wrote could not be reached in the store")]
    public static partial void ValueFailed(ILogger logger, NodeId node, Exception exception);
    [LoggerMessage(1100, LogLevel.Information, "Bus security level {Level}")]
    public static partial void BusSecured(ILogger logger, string level);

    [LoggerMessage(1101, LogLevel.Warning, "No bus security: {Consequence}")]
    public static partial void BusOpen(ILogger logger, string consequence);

    [LoggerMessage(1102, LogLevel.Warning, "Security: skill {Skill} of node {Node} is refused: cluster.accept does not name it for this node")]
    public static partial void SkillNotAccepted(ILogger logger, SkillId skill, NodeId node);

    [LoggerMessage(1103, LogLevel.Warning, "Security: skill {Skill} of node {Node} is refused: its package is not signed with a key of the trust folder, and cluster.require_known_keys asks for one")]
    public static partial void SkillSignerUnknown(ILogger logger, SkillId skill, NodeId node);

    [LoggerMessage(1104, LogLevel.Warning, "Security: skill {Skill} of node {Node} is refused: {Owner} owns the name, and cluster.duplicates is error")]
    public static partial void SkillDuplicate(ILogger logger, SkillId skill, NodeId node, string owner);

    [LoggerMessage(1105, LogLevel.Warning, "Security: {Count} more skills were refused at the same time")]
    public static partial void MoreSkillsRefused(ILogger logger, int count);

    [LoggerMessage(1106, LogLevel.Error, "Whose packages are trusted could not be read; what was known goes on to count")]
    public static partial void SignersNotRead(ILogger logger, Exception exception);
    [LoggerMessage(1080, LogLevel.Warning, "Messages in the name of node {Node} were refused: {Reason}; this is said once")]
    public static partial void MessageUnproved(ILogger logger, NodeId node, string reason);

    [LoggerMessage(1901, LogLevel.Error, "The handler of {Pattern} threw; the message is lost and the subscription goes on")]
    public static partial void LoopbackHandlerFailed(ILogger logger, string pattern, Exception exception);

    [LoggerMessage(1902, LogLevel.Warning, "The queue of {Pattern} overflowed at {QueueLength} messages; the loopback connection was dropped")]
    public static partial void LoopbackQueueOverflowed(ILogger logger, string pattern, int queueLength);

    [LoggerMessage(1903, LogLevel.Error, "A handler of the bus status threw")]
    public static partial void LoopbackStatusHandlerFailed(ILogger logger, Exception exception);

    [LoggerMessage(1801, LogLevel.Information, "Sent {Path} to node {Node}; fault: {Fault}")]
    public static partial void FileSent(ILogger logger, string path, NodeId node, TransferFault fault);

    [LoggerMessage(1802, LogLevel.Information, "Took {Path} from node {Node}; fault: {Fault}")]
    public static partial void FileTaken(ILogger logger, string path, NodeId node, TransferFault fault);

    [LoggerMessage(1804, LogLevel.Warning, "cluster.file_transfer: {Warning}")]
    public static partial void SharedFilesWarned(ILogger logger, string warning);

    [LoggerMessage(1805, LogLevel.Warning, "No relay could be reached; transfer {Transfer} with node {Node} takes the bus")]
    public static partial void TransferTookBus(ILogger logger, string transfer, NodeId node);

    [LoggerMessage(1806, LogLevel.Warning, "Attempt {Attempt} to send {Path} to node {Node} failed: {Fault}; another one follows")]
    public static partial void FileSentAgain(ILogger logger, uint attempt, string path, NodeId node, TransferFault fault);

    [LoggerMessage(1803, LogLevel.Error, "A transfer failed by a defect of the host")]
    public static partial void TransferFailed(ILogger logger, Exception exception);
}
