package lookup

// RAMPolicy is the policy of the error of a missing permission.
const RAMPolicy = ramPolicy
